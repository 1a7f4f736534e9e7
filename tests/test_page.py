"""The HTML report in a real browser: filters, keyboard, paper, narrow and dark screens, nobody kept out."""

from __future__ import annotations

import base64
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from neverask.finding import Finding
from neverask.pages import escape, from_markdown, linked, marked
from neverask.reporters.placing import words_in
from neverask.source import Source, Span

sys.path.insert(0, str(Path(__file__).parent))

from chromium import axe, browser, scheme

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def page(neverask: Callable[..., Any], tmp_path: Path) -> Path:
    target = tmp_path / "report.html"
    run = neverask("check", "--format", "html", "-o", str(target), "--date", "2026-11-24", "examples", cwd=ROOT)
    assert run.status == 1
    return target


@pytest.fixture
def opened(page: Path, tmp_path: Path) -> Iterator[Any]:
    with browser(tmp_path) as driver:
        driver.get(page.as_uri())
        yield driver


def _shown(driver: Any) -> list[Any]:
    return [one for one in driver.find_elements("css selector", ".finding") if one.is_displayed()]


def test_it_is_whole_in_one_file(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"<(?:link|img|iframe|object|embed|base)\b|@import|url\(|\bsrc=|\sstyle=|\son\w+=", text)
    assert "default-src 'none'" in text and "unsafe" not in text
    ids = re.findall(r"\bid=\"?([\w-]+)", text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([\w-]+)"', text)) <= set(ids)


def test_filters(opened: Any) -> None:
    total = len(_shown(opened))
    status = opened.find_element("id", "count")
    assert status.get_attribute("aria-live") == "polite" and status.text == f"places shown: {total} of {total}"
    opened.find_element("id", "f-level").send_keys("w")
    _wait(opened, lambda: len(_shown(opened)) < total)
    assert {one.get_attribute("data-level") for one in _shown(opened)} == {"warning"}
    assert status.text == f"places shown: {len(_shown(opened))} of {total}"
    assert all(one.find_elements("css selector", ".finding:not([hidden])") for one in _files(opened))
    opened.find_element("css selector", "#filter button").click()
    _wait(opened, lambda: len(_shown(opened)) == total)
    opened.find_element("id", "f-words").send_keys("PASSPORT")
    _wait(opened, lambda: 0 < len(_shown(opened)) < total)
    assert all("passport" in one.text.lower() for one in _shown(opened))
    opened.find_element("id", "f-words").send_keys("xyzzy")
    _wait(opened, lambda: status.text == f"places shown: 0 of {total}")
    assert not _files(opened)


def _files(driver: Any) -> list[Any]:
    return [one for one in driver.find_elements("css selector", ".file") if one.is_displayed()]


def _wait(driver: Any, condition: Callable[[], bool]) -> None:
    from selenium.webdriver.support.ui import WebDriverWait

    WebDriverWait(driver, 10).until(lambda _: condition())


def test_by_keyboard(opened: Any) -> None:
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    def tab() -> Any:
        ActionChains(opened).send_keys(Keys.TAB).perform()
        return opened.switch_to.active_element

    skip = tab()
    assert skip.text == "Skip to the findings" and skip.is_displayed() and skip.location["x"] >= 0
    skip.send_keys(Keys.ENTER)
    assert opened.switch_to.active_element.get_attribute("id") == "findings"
    reached = []
    for _ in range(60):
        element = tab()
        if element.tag_name == "body":
            break
        outline = element.value_of_css_property("outline-style")
        reached.append((element.tag_name, element.get_attribute("id"), outline))
    names = [id for _, id, _ in reached]
    assert names[:6] == ["f-words", "f-level", "f-rule", "f-data", "f-language", "f-file"]
    assert "summary" in {tag for tag, _, _ in reached}
    assert all(outline != "none" for _, _, outline in reached)


def test_without_script_all_is_there(page: Path, tmp_path: Path) -> None:
    with browser(tmp_path, script=False) as driver:
        driver.get(page.as_uri())
        assert len(_shown(driver)) == page.read_text(encoding="utf-8").count("<article ")
        assert not driver.find_element("id", "filter").is_displayed()


def test_words_are_marked_in_their_text(opened: Any) -> None:
    found = {mark.text for mark in opened.find_elements("css selector", ".finding mark")}
    assert {"rekeningnummer", "framenummer", "photo of your passport"} <= found
    steps = opened.find_elements("css selector", "ol.way .step")
    assert len(steps) > 2 and "bsn" in steps[-1].text


@pytest.mark.parametrize(("name", "width"), [("light", 1200), ("dark", 1200), ("light", 320), ("dark", 320)])
def test_nobody_is_kept_out(opened: Any, name: str, width: int) -> None:
    scheme(opened, name)
    metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    opened.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    assert opened.execute_script("return document.documentElement.scrollWidth") <= width
    dark = opened.execute_script("return getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    assert dark is (name == "dark")
    assert not opened.get_log("browser")  # a style or script that the page's own policy refuses would be told here
    assert axe(opened) == []


def test_on_paper(opened: Any) -> None:
    opened.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert not opened.find_element("id", "filter").is_displayed()
    pdf = base64.b64decode(opened.execute_cdp_cmd("Page.printToPDF", {})["data"])
    assert pdf.startswith(b"%PDF-") and pdf.count(b"/Type /Page\n") > 2


@pytest.mark.parametrize(
    ("line", "words", "text", "marked_"),
    [
        ("a: Send your PIN. No PIN?", "PIN", "Send your PIN. No PIN?", (10, 13)),
        ("x PIN, PIN please", "PIN", "PIN, PIN please", (0, 3)),
        ("PIN, PIN please", "PIN please", "PIN, PIN please", (5, 15)),
        ("a &amp; b", "a &amp; b", "say a & b", (4, 9)),
        ("pa<b>ss</b>word", "pa<b>ss</b>word", "password", None),
    ],
)
def test_words_are_found_in_the_text(line: str, words: str, text: str, marked_: tuple[int, int] | None) -> None:
    start = line.index(words)
    finding = Finding("r", "error", "m", Source("a", line), Span(start, start + len(words)), text=text)
    assert words_in(finding) == marked_


def test_nothing_escapes() -> None:
    assert escape("<a b='c'>\x00\u202e\ud800") == "&lt;a b=&#x27;c&#x27;&gt;\\u0000\\u202e\\ud800"
    assert marked("a<b>c", [(1, 4), (2, 9)]) == "a<mark>&lt;b&gt;</mark><mark>c</mark>"
    assert linked('see https://x.example/a?b="c">.') == (
        'see <a href="https://x.example/a?b=" rel="noreferrer noopener">https://x.example/a?b=</a>&quot;c&quot;&gt;.'
    )
    assert linked("javascript:alert(1)") == "javascript:alert(1)"
    assert from_markdown("# <b>\n- a\n  - b\n- c\nd", 4) == (
        "<h4>&lt;b&gt;</h4><ul><li>a<ul><li>b</li></ul></li><li>c</li></ul><p>d</p>"
    )
