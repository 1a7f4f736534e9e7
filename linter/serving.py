"""``neverask serve``: a page for an author without git. Paste a reply, see the words, why, and a wording that passes.

The page is on this machine only, keeps nothing, needs no script and loads nothing.
"""

from __future__ import annotations

import hmac
import html
import os
import secrets
import sys
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from . import __version__, resources
from .finding import Finding
from .in_force import Policies
from .meaning import meant
from .messages import ENGLISH, Say, many, speaker
from .pages import asset, escape, hashed, linked, marked
from .pasting import Judgement, judge
from .policy.errors import PolicyError
from .policy.model import Policy
from .policy.vocabulary import CHANNELS
from .reporters.masked import masked
from .rules.wording import own_names
from .source import SourceError

LONGEST = 20_000  # characters of a reply
_LARGEST = 250_000  # bytes of a request
_DIGITS = 9  # of a length; Python reads no number of very many
_SLOWEST = 15  # seconds that a client may take to say what it wants
_MOST = 20  # mistakes of a policy that are told
_HERE = ""  # the policy that holds in the folder where the command was started


class Server(ThreadingHTTPServer):
    """The page on one port of this machine (0: any free one), in a language that neverask speaks.

    ``policy`` is a file or name, "" for the one here.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self, port: int, policy: str = "", language: str = ENGLISH) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.policy = policy
        self.language = language
        self.say = speaker(language)
        self.token = secrets.token_urlsafe(24)
        self.hosts = {f"{name}:{self.server_port}" for name in ("127.0.0.1", "localhost")}
        if self.server_port == 80:
            self.hosts |= {"127.0.0.1", "localhost"}

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no news."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class _Handler(BaseHTTPRequestHandler):
    server: Server
    timeout = _SLOWEST
    protocol_version = "HTTP/1.1"
    server_version = "neverask"
    sys_version = ""

    def do_GET(self) -> None:
        if not self._is_ours():
            return
        if self.path != "/":
            self._refuse(HTTPStatus.NOT_FOUND, "there is only one page here: /")
            return
        self._answer(_page(self.server, {}, None))

    do_HEAD = do_GET

    def do_POST(self) -> None:
        if not self._is_ours():
            return
        fields = self._fields()
        if fields is None:
            return
        if not hmac.compare_digest(fields.get("token", "").encode(), self.server.token.encode()):
            self._refuse(HTTPStatus.FORBIDDEN, "this page is of an earlier start of neverask: load it again")
            return
        if len(fields.get("text", "")) > LONGEST:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a reply may have {LONGEST:,} characters here")
            return
        try:
            page = _judged(self.server, fields)
        except Exception as error:  # one reply that we stumble over must not end the page for the next one
            self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR, f"neverask made a mistake here ({type(error).__name__})")
            return
        self._answer(page)

    def _is_ours(self) -> bool:
        """Whether the request is meant for this page: a site that points its own name at this machine is refused."""
        if self.headers.get_all("Host", []) not in [[host] for host in self.server.hosts]:
            self._refuse(HTTPStatus.MISDIRECTED_REQUEST, f"this page is {self.server.address} and nothing else")
            return False
        return True

    def _fields(self) -> dict[str, str] | None:
        origin = self.headers.get("Origin", "")
        if origin.removeprefix("http://") not in self.server.hosts or self.headers.get(
            "Sec-Fetch-Site", "same-origin"
        ) not in ("same-origin", "none"):
            self._refuse(HTTPStatus.FORBIDDEN, "only this page itself may send a reply")
            return None
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()) or "Transfer-Encoding" in self.headers:
            self._refuse(HTTPStatus.LENGTH_REQUIRED, "the length of the request is missing")
            return None
        if len(length) > _DIGITS or int(length) > _LARGEST:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a reply may have {LONGEST:,} characters here")
            return None
        if self.headers.get_content_type() != "application/x-www-form-urlencoded":
            self._refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "this is not what the form sends")
            return None
        try:
            body = self.rfile.read(int(length)).decode("ascii")
            found = parse_qs(body, keep_blank_values=True, errors="strict", max_num_fields=8)
        except (OSError, ValueError):
            self._refuse(HTTPStatus.BAD_REQUEST, "the request is broken")
            return None
        return {name: values[0] for name, values in found.items()}

    def _refuse(self, status: HTTPStatus, reason: str) -> None:
        # What a refused client still sends is not read: the connection ends.
        self.close_connection = True
        self._send(status, reason + "\n", "text/plain")

    def _answer(self, text: str) -> None:
        self._send(HTTPStatus.OK, text, "text/html")

    def _send(self, status: HTTPStatus, text: str, kind: str) -> None:
        body = text.encode("utf-8", "replace")
        self.send_response(status)
        for name, value in _headers().items():
            self.send_header(name, value)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is written down of what was asked."""


def _headers() -> dict[str, str]:
    style = hashed(_style())
    return {
        "Content-Security-Policy": f"default-src 'none'; style-src {style}; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-store",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def _style() -> str:
    return asset("base.css") + asset("serve.css")


def _policy(server: Server, chosen: str) -> Policy:
    """The policy that was chosen in the form. Only bundled names are taken from there, never a path."""
    if chosen in resources.policies():
        return Policies(chosen).of("reply")
    return Policies(server.policy or None).of("reply")


def _judged(server: Server, fields: Mapping[str, str]) -> str:
    text = fields.get("text", "").replace("\r\n", "\n")
    channel = fields.get("channel", "")
    language = fields.get("language", "")
    language = language if language in resources.languages() else ""
    if not text.strip():
        said = escape(server.say("There is no text to check yet."))
        return _page(server, fields, f'<p class="verdict warning">{said}</p>')
    try:
        policy = _policy(server, fields.get("policy", _HERE))
        channel = channel if channel in _channels(server) else policy.usual_channel
        result = judge(text, policy, channel, language)
    except PolicyError as error:
        told = _mistakes(error, server.say)
        return _page(server, fields, _problem(server.say("The policy has mistakes: nothing was checked."), told))
    except SourceError as error:
        return _page(
            server, fields, _problem(server.say("Nothing was checked."), [f"{error.path}: {server.say(error.reason)}"])
        )
    say = speaker(server.language, own_names([policy], server.language))
    return _page(server, fields, _result(result, policy, channel, say))


def _channels(server: Server) -> tuple[str, ...]:
    """The channels to choose from, the usual one first: those of the policy here, and those that everybody knows.

    A policy with mistakes, which are told once something is to be checked, has none.
    """
    try:
        policy = _policy(server, _HERE)
    except (PolicyError, SourceError):
        return CHANNELS
    return tuple(dict.fromkeys((policy.usual_channel, *policy.own_channels, *CHANNELS)))


def _mistakes(error: PolicyError, say: Say) -> list[str]:
    """The mistakes of a policy, each with its line and what was probably meant."""
    shown = error.problems[:_MOST]
    lines = []
    for problem, hint in zip(shown, meant(shown), strict=True):
        place = problem.source.position(problem.span.start)
        where = say(f"{problem.source.path}, line {place.line}")
        lines.append(f"{where}: {say(problem.message)}" + (f" ({say(hint)})" if hint else ""))
    left = len(error.problems) - len(shown)
    return [*lines, say(f"and {many(left, 'more mistake')}")] if left else lines


def _problem(head: str, lines: Sequence[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f'<p class="verdict error">{escape(head)}</p><ul>{items}</ul>'


def _result(result: Judgement, policy: Policy, channel: str, say: Say) -> str:
    out = [_verdict(result, channel, say)]
    lang = f' lang="{escape(result.languages[0])}"' if result.languages and result.languages[0] else ""
    findings = masked(result.findings)
    if findings:
        places = [(finding.span.start, finding.span.end) for finding in findings]
        shown = marked(findings[0].source.text, places)
        out.append(f"<h3>{say('Your reply')}</h3><div class=text{lang} dir=auto>{shown}</div>")
        if result.wording:
            out.append(
                f"<h3><label for=wording>{say('A wording that passes')}</label></h3>"
                f"<textarea id=wording class=wording readonly{lang} dir=auto>\n{html.escape(result.wording)}</textarea>"
            )
        else:
            said = "It can't be mended by replacing words alone."
            if any(finding.instead for finding in findings):
                said = "It can't be mended by replacing words alone; what to say instead stands below."
            out.append(f"<p>{escape(say(said))}</p>")
            out += [f"<p class=quiet>{escape(say(reason))}</p>" for reason in result.reasons]
        out.append(f"<h3>{say('Why')}</h3>")
    out += (_why(finding, policy, lang, say) for finding in findings)
    return "\n".join(out)


def _why(finding: Finding, policy: Policy, lang: str, say: Say) -> str:
    words = " ".join(finding.source.text[slice(*finding.span)].split())
    sources = "".join(
        f"<li>{escape(name)}" + (f": {linked(policy.cited[name])}" if name in policy.cited else "") + "</li>"
        for name in finding.because
    )
    lang = f' lang="{escape(finding.instead_in)}"' if finding.instead_in else lang
    instead = f"<p>{say('Say instead:')}</p><p class=instead{lang} dir=auto>{escape(finding.instead)}</p>"
    return (
        f"<article class='finding {finding.level}'><h4><span class=level>{say(finding.level)}</span>: "
        f"{escape(say(finding.message))}</h4><p><mark>{escape(words)}</mark> "
        f"<span class='quiet code'>{escape(finding.rule)}</span></p>"
        + (f"<ul class=why>{sources}</ul>" if sources else "")
        + (instead if finding.instead else "")
        + "</article>"
    )


def _verdict(result: Judgement, channel: str, say: Say) -> str:
    read = [code for code in result.languages if code]
    errors = sum(finding.level == "error" for finding in result.findings)
    told = f"read as {', '.join(read)}, for {channel}"
    if not read:
        kind, said = (
            "warning",
            ("Not checked: the language of this text is not known. Choose it, if it is in the list."),
        )
    elif not result.is_judged:
        kind, said = "warning", f"Not judged: no rule of this policy holds on {channel}."
    elif not result.findings:
        kind, said = "good", f"This reply passes ({told})."
    elif errors:
        kind, said = "error", f"Don't send this ({told})."
    else:
        kind, said = "warning", f"Look again before you send this ({told})."
    return f'<p class="verdict {kind}">{escape(say(said))}</p>'


def _page(server: Server, fields: Mapping[str, str], result: str | None) -> str:
    say = server.say
    here = os.path.basename(server.policy) or say("the one of this folder")
    policies = [(_HERE, here), *((name, name) for name in resources.policies())]
    languages = [("", say("find out")), *((code, code) for code in resources.languages())]
    shown = (
        "<section id=result aria-labelledby=result-h tabindex=-1 autofocus>"
        f"<h2 id=result-h>{say('Result')}</h2>{result}</section>"
        if result is not None
        else ""
    )
    title = say("Result" if result is not None else "Check a reply") + " - neverask"
    return (
        f'<!doctype html>\n<html lang="{server.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_style()}</style>\n</head>\n<body>\n"
        f'<a class="skip" href="#text">{say("Skip to the reply")}</a>\n'
        f"<header class=top><div class=wrap><h1>{say('May we send this?')}</h1><p class=quiet>"
        f"{say('Paste a reply. It stays on this machine, and nothing of it is kept.')}</p></div></header>\n"
        f'<main class=wrap>\n<form method=post action="/" accept-charset="utf-8">\n'
        f'<input type=hidden name=token value="{escape(server.token)}">\n'
        f"<p><label for=text>{say('Your reply')}</label>"
        f"<textarea id=text name=text required maxlength={LONGEST} dir=auto"
        f"{'' if shown else ' autofocus'}>\n{html.escape(fields.get('text', ''))}</textarea></p>\n<div class=row>"
        f"{_select('channel', say('Channel'), [(name, name) for name in _channels(server)], fields)}"
        f"{_select('policy', say('Policy'), policies, fields)}{_select('language', say('Language'), languages, fields)}"
        f"<div><button class=main>{say('Check')}</button></div></div>\n</form>\n{shown}\n</main>\n"
        f"<footer class=wrap><p class=quiet>neverask {escape(__version__)}</p></footer>\n</body>\n</html>\n"
    )


def _select(name: str, label: str, options: Sequence[tuple[str, str]], fields: Mapping[str, str]) -> str:
    chosen = fields.get(name, "")
    items = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(shown)}</option>'
        for value, shown in options
    )
    return f"<div><label for={name}>{label}</label><select id={name} name={name}>{items}</select></div>"
