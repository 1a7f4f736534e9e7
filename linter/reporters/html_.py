"""The report as one HTML page for authors and auditors: no network, no frame around it, readable without its script."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from ..finding import Finding
from ..messages import many
from ..pages import asset, escape, from_markdown, hashed, linked, marked, slug
from .contents import EXCEPTIONS, KEPT, RULES, Contents, Left, Total
from .grouping import grouped
from .leading import entry, steps
from .ours import GENERATOR
from .placing import words_in
from .summary import NOTHING_FOUND, NOTHING_NEW, Summary
from .text import visible

NAME = "html"
_BOTH = "A place that breaks two rules, or asks for two kinds of data, counts for both."
_ARROW = '<svg viewBox="0 0 32 12" aria-hidden="true" focusable="false"><path d="M0 6H29M24 2L30 6L24 10"/></svg>'


def render(findings: list[Finding], summary: Summary) -> str:
    """One page: totals, findings by file, and a part for the auditor."""
    places = grouped(findings)
    page = _Page(findings, places, summary)
    say = page.say
    style, script = asset("base.css") + asset("report.css"), asset("report.js")
    policy = (
        f"default-src 'none'; style-src {hashed(style)}; script-src {hashed(script)}; base-uri 'none'; "
        "form-action 'none'"
    )
    return (
        f'<!doctype html>\n<html lang="{summary.language}">\n<head>\n<meta charset="utf-8">\n{GENERATOR}\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>neverask: {page.verdict()}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f'<a class="skip" href="#findings">{say("Skip to the findings")}</a>\n'
        f"{page.head()}\n<main class=wrap>\n{page.totals()}\n{page.all_findings()}\n{page.audit()}\n</main>\n"
        f"<footer><div class=wrap>{escape(page.contents.last)}</div></footer>\n"
        f"<script>{script}</script>\n</body>\n</html>\n"
    )


class _Page:
    """The parts of the page. ``places`` are the findings with what is one place joined."""

    def __init__(self, findings: list[Finding], places: list[Finding], summary: Summary) -> None:
        self.findings = findings
        self.places = places
        self.summary = summary
        self.contents = Contents(findings, places, summary)
        self.say = summary.say

    def verdict(self) -> str:
        return escape(self.summary.line(self.places).split(".")[0])

    def head(self) -> str:
        day = escape(f" {self.contents.day}".rstrip())
        broken = sum(unread.error for unread in self.summary.unread)
        incomplete = self.say(f"The check is not complete: {many(broken, 'file')} could not be read")
        bad = (
            f'<p class="level error">{escape(incomplete)} (<a href="#unread">{self.say("which ones")}</a>).</p>'
            if broken
            else ""
        )
        return (
            '<header class="top"><div class=wrap>\n'
            f"<h1>{self.say('What we are about to say to customers')}</h1>\n"
            f"<p>{escape(self.summary.line(self.places))}{day}</p>\n{bad}"
            f'<nav aria-label="{self.say("Parts of this report")}"><ul>'
            f'<li><a href="#totals">{self.say("Totals")}</a></li>'
            f'<li><a href="#findings">{self.say("Findings")}</a></li>'
            f'<li><a href="#audit">{self.say("For the auditor")}</a></li></ul></nav>\n'
            "</div></header>"
        )

    def totals(self) -> str:
        if not self.findings:
            nothing = self._nothing("Nothing found.")
            return (
                f"<section id=totals aria-labelledby=totals-h><h2 id=totals-h>{self.say('Totals')}</h2>"
                f"{nothing}</section>"
            )
        tables = map(self._table, self.contents.totals())
        return (
            f"<section id=totals aria-labelledby=totals-h><h2 id=totals-h>{self.say('Totals')}</h2>\n"
            f'<p class="quiet">{self.say(_BOTH)}</p>\n'
            f'<div class="totals">{"".join(tables)}</div></section>'
        )

    def _nothing(self, said: str) -> str:
        """What stands in the place of findings: where nothing was checked or judged, that is no good news."""
        if self.summary.nothing == NOTHING_FOUND:
            return f'<p class="good">{self.say(said)}</p>'
        if self.summary.nothing == NOTHING_NEW:
            return f'<p class="good">{self.say("Nothing new found: what was known before is not shown.")}</p>'
        why = self.say(self.summary.nothing)
        return f'<p class="level error">{escape(why[:1].upper() + why[1:])}.</p>'

    def all_findings(self) -> str:
        head = f"<h2 id=findings-h>{self.say('Findings')}</h2>"
        out = [f"<section id=findings aria-labelledby=findings-h tabindex=-1>{head}"]
        shown = escape(self.say("places shown: {shown} of {count}"))
        if self.places:
            out.append(self._filter())
            out.append(f'<p id=count class="quiet" role=status aria-live=polite data-said="{shown}"></p>')
        else:
            out.append(self._nothing("Nothing found in what was checked."))
        number = 0
        for file, of_file in groupby(self.places, key=lambda place: place.source.path):
            here = list(of_file)
            said = self.say(many(len(here), "place"))
            out.append(f"<div class=file><h3>{_named(file)} <span class=quiet>({said})</span></h3>")
            for place in here:
                number += 1
                out.append(self._finding(number, place))
            out.append("</div>")
        out.append("</section>")
        return "\n".join(out)

    def _filter(self) -> str:
        fields = [
            ("level", "Level", sorted({place.level for place in self.places})),
            ("rule", "Rule", sorted({rule for place in self.places for rule in place.rule.split(", ")})),
            ("data", "Category", sorted({category for place in self.places for category in place.data})),
            ("language", "Language", sorted({place.language for place in self.places if place.language})),
            ("file", "File", sorted({place.source.path for place in self.places})),
        ]
        out = [
            f'<form id=filter class=filter hidden role=search aria-label="{self.say("Filter the findings")}">'
            f"<div><label for=f-words>{self.say('Words')}</label>"
            "<input id=f-words name=words type=search autocomplete=off></div>"
        ]
        for name, label, values in fields:
            options = "".join(
                f'<option value="{escape(value)}">{_named(self._shown(name, value))}</option>' for value in values
            )
            out.append(
                f"<div><label for=f-{name}>{self.say(label)}</label><select id=f-{name} name={name}>"
                f"<option value=''>{self.say('all')}</option>{options}</select></div>"
            )
        out.append("<div><button type=reset>" + self.say("Show all") + "</button></div></form>")
        return "".join(out)

    def _shown(self, name: str, value: str) -> str:
        """A value of a filter as people read it."""
        return self.contents.called(value) if name == "data" else self.say(value) if name == "level" else value

    def _finding(self, number: int, place: Finding) -> str:
        rules = place.rule.split(", ")
        at = place.source.position(place.span.start)
        where = escape(at.cell) if at.cell else self.say(f"line {at.line}, column {at.column}")
        data = "".join(
            f' data-{name}="{escape(value)}"'
            for name, value in (
                ("level", place.level),
                ("rule", "\t".join(rules)),
                ("data", "\t".join(place.data)),
                ("language", place.language),
                ("file", place.source.path),
            )
        )
        named = entry(place)
        inside = f"in “{named}”"
        level, message = self.say(place.level), escape(self.say(place.message))
        rows = [("Rule", "; ".join(self._rule(place, rule) for rule in rules))]
        if place.because:
            rows.append(("Because", self._because(place)))
        if place.instead:
            said, lang = escape(place.way_out(self.say)), _lang(place.instead_in or place.language)
            rows.append(("Say instead", f"<p class=instead{lang} dir=auto>{said}</p>"))
        if place.witness:
            rows.append(("The way there", self._way(place)))
        if place.since:
            rows.append(("Why it is new", f"<p>{escape(self.say(place.since))}</p>"))
        listed = "".join(f"<dt>{self.say(name)}</dt><dd>{value}</dd>" for name, value in rows)
        return (
            f'<article class="finding {place.level}" id=f{number} aria-labelledby=f{number}-h{data}>\n'
            f"<h4 id=f{number}-h><span class=level>{level}</span>: {message}</h4>\n"
            f'<p class="quiet"><span class=code>{_named(place.source.path)}</span>, {where}'
            + (f", {escape(self.say(inside))}" if named else "")
            + f"</p>\n<div class=text{_lang(place.language)} dir=auto>{_context(place)}</div>\n"
            f"<dl>{listed}</dl>\n</article>"
        )

    def _rule(self, place: Finding, rule: str) -> str:
        note = next((note for note in self.summary.notes if note.name == rule and note.found(place)), None)
        said = f" ({escape(note.sentence)})" if note else ""
        return f"<span class=code>{escape(rule)}</span>{said}"

    def _because(self, place: Finding) -> str:
        cited = dict.fromkeys(source for note in self.summary.notes if note.found(place) for source in note.sources)
        lines = []
        for name in place.because:  # which two policies may cite each its own way
            sources = [one.removeprefix(f"{name}: ") for one in cited if one.startswith(f"{name}: ")]
            lines.append(escape(name) + (f": {'; '.join(map(linked, sources))}" if sources else ""))
        return "".join(f"<p>{line}</p>" for line in lines)

    def audit(self) -> str:
        of, say = self.contents, self.say
        facts = "".join(f"<dt>{say(name)}</dt><dd>{escape(value)}</dd>" for name, value in of.facts())
        prose = "".join(f"<div class=policy>{from_markdown(text, 4)}</div>" for text in of.policies())
        return (
            f"<section id=audit aria-labelledby=audit-h><h2 id=audit-h>{say('For the auditor')}</h2>\n"
            f"<h3>{say('The run')}</h3><dl class=facts>{facts}</dl>\n{self._exceptions()}\n{self._rules()}\n"
            f"<h3>{say('What was checked')}</h3>{_folded(of.checked())}\n{self._unchecked()}\n"
            f"<h3>{say('The policy in words')}</h3>{prose or say('None was handed over.')}</section>"
        )

    def _exceptions(self) -> str:
        title = f"<h3>{self.say('Exceptions')}</h3>"
        rows = "".join(
            f"<tr><td class=code>{rule}</td><td>{where}</td><td>{reason}</td><td class=fixed>{until}</td>"
            f"<td>{owner}</td><td class=code>{stands}</td><td class=number>{keeps}</td></tr>"
            for rule, where, reason, until, owner, stands, keeps in (
                map(escape, row) for row in self.contents.exceptions()
            )
        )
        if not rows:
            return f"{title}<p>{self.say('There are none.')}</p>"
        return title + self._listed("Exceptions", "Exceptions", EXCEPTIONS, rows) + self._kept()

    def _kept(self) -> str:
        rows = "".join(
            f"<tr><td class=code>{where}</td><td>{what}</td><td class=code>{rule}</td><td class=code>{stands}</td></tr>"
            for where, what, rule, stands in (map(escape, row) for row in self.contents.kept())
        )
        if not rows:
            return ""
        name = "Findings kept by exceptions"
        return f"<h3>{self.say(name)}</h3>" + self._listed(name, "Findings that are kept on purpose", KEPT, rows)

    def _listed(self, name: str, caption: str, heads: Sequence[str], rows: str) -> str:
        """A table that may be wider than the page."""
        say = self.say
        columns = "".join(
            f"<th scope=col{' class=number' if head == 'Findings' else ''}>{say(head)}</th>" for head in heads
        )
        return (
            f'<div class=scroll tabindex=0 role=region aria-label="{say(name)}"><table>'
            f"<caption>{say(caption)}</caption><thead><tr>{columns}</tr></thead><tbody>{rows}</tbody></table></div>"
        )

    def _rules(self) -> str:
        rows = "".join(
            f"<tr><th scope=row class=code>{name}</th><td>{sentence}</td><td class=fixed>{level}</td>"
            f"<td class=number>{found}</td></tr>"
            for name, sentence, level, found in (map(escape, row) for row in self.contents.rules())
        )
        caption = "Every rule of the policy, also those that found nothing"
        return f"<h3>{self.say('Rules')}</h3>{self._listed('Rules', caption, RULES, rows)}" if rows else ""

    def _unchecked(self) -> str:
        parts = [f"<h3 id=unread>{self.say('What was not checked')}</h3>"]
        for left in self.contents.left():
            items = "".join(f"<li>{escape(line)}</li>" for line in left.lines)
            broken = f'<p class="level error">{escape(left.title)}</p><ul>{items}</ul>'
            parts.append(broken if left.broken else _folded(left))
        return "".join(parts)

    def _way(self, place: Finding) -> str:
        places = {related.step: related for related in place.related if related.step}
        out: list[str] = []
        for name, number, label in zip(steps(place, self.say), place.numbers, place.labels, strict=True):
            line = ""
            there = places.get(number)
            if there is not None:
                at = there.source.position(there.span.start).line
                line = f" <span class=quiet>{self.say(f'line {at}')}</span>"
            arrow = _ARROW if out else ""
            if label:
                arrow += f"<span class=answer>({escape(label)})</span>{_ARROW}"
            out.append(f"<li>{arrow}<span class=step>{escape(name)}{line}</span></li>")
        return f"<ol class=way>{''.join(out)}</ol>"

    def _table(self, total: Total) -> str:
        caption, head, counts = total
        if not counts:
            return ""
        most = max(counts.values())
        rows = "".join(
            f"<tr><th scope=row>{escape(name)}</th><td class=number>{self.say(f'{count:,}')}</td>"
            f'<td><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden=true focusable=false>'
            f'<rect width="{max(1, round(100 * count / most))}" height=10 /></svg></td></tr>'
            for name, count in total.ranked
        )
        return (
            f"<table id=by-{slug(head)}><caption>{self.say(caption)}</caption><thead><tr>"
            f"<th scope=col>{self.say(head)}</th><th scope=col class=number>{self.say('Places')}</th><td></td></tr>"
            f"</thead><tbody>{rows}</tbody></table>"
        )


def _context(place: Finding) -> str:
    """The text as customers read it with the words marked; where they can't be found in it, the file's own lines."""
    inside = words_in(place)
    if inside is not None:
        return marked(place.text, [inside])
    source, span = place.source, place.span
    start = source.text.rfind("\n", 0, span.start) + 1
    end = source.text.find("\n", max(span.start, span.end - 1))
    start, end = max(start, span.start - 200), min(end if end >= 0 else len(source.text), span.end + 200)
    return marked(source.text[start:end], [(span.start - start, span.end - start)])


def _named(name: str) -> str:
    """A name on one line for HTML: a tab in the name of a file is none of its blanks."""
    return escape(visible(name))


def _folded(left: Left) -> str:
    if not left.lines:
        return f"<p>{escape(left.title)}.</p>"
    items = "".join(f"<li>{escape(line)}</li>" for line in left.lines)
    return f"<details><summary>{escape(left.title)}</summary><ul>{items}</ul></details>"


def _lang(code: str) -> str:
    return f' lang="{escape(code)}"' if code else ""
