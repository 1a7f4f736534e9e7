"use strict";
(function () {
  var form = document.getElementById("filter");
  var count = document.getElementById("count");
  var findings = Array.prototype.slice.call(document.querySelectorAll(".finding"));
  var files = Array.prototype.slice.call(document.querySelectorAll(".file"));
  if (!form || !count) return;
  // What somebody types is looked for in the words as they are shown, without accents and case.
  function plain(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  }
  var texts = findings.map(function (finding) { return plain(finding.textContent); });
  function apply() {
    var words = plain(form.elements.words.value.trim());
    var shown = 0;
    findings.forEach(function (finding, number) {
      var fits = texts[number].indexOf(words) >= 0;
      ["level", "rule", "data", "language", "file"].forEach(function (name) {
        var field = form.elements[name];
        if (!fits || !field || !field.value) return;
        fits = (finding.getAttribute("data-" + name) || "").split("\t").indexOf(field.value) >= 0;
      });
      finding.hidden = !fits;
      if (fits) shown += 1;
    });
    files.forEach(function (file) {
      file.hidden = !file.querySelector(".finding:not([hidden])");
    });
    count.textContent = count.getAttribute("data-said").replace("{shown}", shown).replace("{count}", findings.length);
  }
  form.hidden = false;
  var waiting = 0;
  form.addEventListener("input", function () {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 120);
  });
  form.addEventListener("change", apply);
  form.addEventListener("submit", function (event) { event.preventDefault(); apply(); });
  form.addEventListener("reset", function () { setTimeout(apply, 0); });
  // On paper stand all findings, or those that are shown: folded parts open for it.
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (part) { part.open = true; });
  });
  apply();
})();
