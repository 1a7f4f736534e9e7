"""The author's page: what it answers over HTTP, whom it refuses, and how it works in a real browser."""

from __future__ import annotations

import http.client
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from neverask.pasting import judge
from neverask.policy.load import bundled, load
from neverask.serving import LONGEST, Server
from neverask.trying import check_text

sys.path.insert(0, str(Path(__file__).parent))

from chromium import axe, browser, scheme

BAD = "Bedankt voor uw bericht! Kunt u ons uw rekeningnummer doorgeven? Fijne dag nog."


@contextmanager
def _started(policy: str, language: str = "en") -> Iterator[Server]:
    with Server(0, policy, language) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield running
        finally:
            running.shutdown()
            thread.join()


@pytest.fixture
def server() -> Iterator[Server]:
    with _started("avg") as running:
        yield running


def _ask(server: Server, method: str = "GET", path: str = "/", body: str = "", **headers: str) -> tuple[int, str, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=60)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if method == "POST":
        sent = {"Content-Type": "application/x-www-form-urlencoded", "Origin": server.address.rstrip("/"), **sent}
    connection.request(method, path, body or None, {name: value for name, value in sent.items() if value})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text, dict(answer.getheaders())


def _send(server: Server, text: str, **fields: str) -> str:
    body = urlencode({"token": server.token, "text": text, "channel": "whatsapp", **fields})
    status, page, _ = _ask(server, "POST", body=body)
    assert status == 200
    return page


def test_a_reply_is_judged_and_mended(server: Server) -> None:
    page = _send(server, BAD)
    assert "Don&#x27;t send this" in page or "Don't send this" in page
    assert "<mark>rekeningnummer</mark>" in page and "UAVG" not in page and "GDPR art. 32" in page
    wording = re.search(r"<textarea id=wording[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    assert wording and "rekeningnummer" not in wording.group(1)
    assert wording.group(1).startswith("Bedankt voor uw bericht!") and wording.group(1).endswith("Fijne dag nog.")
    assert "This reply passes" in _send(server, wording.group(1))


def test_values_are_shown_as_in_reports(server: Server) -> None:
    told = "Your password is Geheim123!x. The IBAN we have of you is NL91 ABNA 0417 1643 00."
    page = _send(server, told, policy="whatsapp")
    pasted, _, result = page.partition("<section id=result")
    assert told in pasted and "this tells a password" in result and "this sends a bank account number" in result
    assert result.count("<mark>•••••••••••</mark>") == 2 and "<mark>NL•• •••• •••• •••• 00</mark>" in result
    assert "Geheim" not in result and "0417" not in result


def test_what_is_pasted_stays_text(server: Server) -> None:
    page = _send(server, '</textarea><script>alert(1)</script> Please send us your "password" \u202e now.\nThanks')
    assert "<script" not in page and "<mark>password</mark>" in page


def test_channel_policy_and_language_count(server: Server) -> None:
    told = _send(server, "Please send us your IBAN.", channel="email", policy="whatsapp")
    assert "Not judged: no rule of this policy holds on email." in told and "passes" not in told
    assert "Don" in _send(server, "Please send us your IBAN.", channel="whatsapp", policy="whatsapp")
    assert "Not checked" in _send(server, "zxqv wqrt plmk zzkr")
    assert "no text to check" in _send(server, "  ")
    assert "Don" in _send(server, "Please send us your IBAN.", policy="/etc/passwd")  # no path is taken from a form


def test_a_channel_of_the_policy_itself_can_be_chosen(tmp_path: Path) -> None:
    """What was not known was judged as for WhatsApp, and nothing said so."""
    policy = tmp_path / "house.yaml"
    rule = 'rules: {r: {rule: "forbid asking for name on kiosk, booth"}}\n'
    rest = "channels: [{tagged: x, channels: [desk, booth]}, {channels: [kiosk]}]\n"
    policy.write_text(f"neverask: 1\nextends: whatsapp\n{rest}{rule}", encoding="utf-8")
    with _started(str(policy)) as running:
        offered = _ask(running)[1].partition("<select id=channel")[2].partition("</select>")[0]
        found = re.findall(r"<option value=\"(\w+)\"", offered)
        assert found[:5] == ["kiosk", "desk", "booth", "whatsapp", "messenger"] and found.count("kiosk") == 1
        assert "for kiosk)" in _send(running, "What is your name?", channel="kiosk")
        assert "for kiosk)" in _send(running, "What is your name?", channel="nowhere")
        assert "for booth)" in _send(running, "What is your name?", channel="booth")
        assert "Not judged" in _send(running, "What is your name?", channel="desk")
        told = _send(running, "What is your name?", channel="kiosk")
        assert "replacing words alone.</p>" in told and "stands below" not in told, "it has no wording"
        policy.write_text("neverask: 1\nrulez: {}\n", encoding="utf-8")
        assert '<option value="whatsapp"' in _ask(running)[1]
        assert "The policy has mistakes" in _send(running, "What is your name?", channel="kiosk")


def test_mistakes_of_a_policy_are_told_in_the_language_of_the_page(tmp_path: Path) -> None:
    policy = tmp_path / "house.yaml"
    policy.write_text("neverask: 1\nextends: whatsapp\nlanguages: [nx]\nrules: {no-names: {level: eror}}\n")
    with _started(str(policy), "nl") as running:
        told = _send(running, "Hoe heet u?")
    assert "regel 3: er is geen taal &#x27;nx&#x27; (bekend: de, en" in told, told
    assert "regel 4: &#x27;eror&#x27; is niet een van de bekende waarden (bedoelde u &#x27;error&#x27;?)" in told


def test_only_this_page_may_ask(server: Server) -> None:
    port = server.server_port
    body = urlencode({"token": server.token, "text": BAD})
    assert _ask(server, Host=f"localhost:{port}")[0] == 200
    for host in ("evil.example", f"evil.example:{port}", "127.0.0.1", f"127.0.0.1:{port + 1}", f"127.0.0.1:{port}@x"):
        assert _ask(server, Host=host)[0] == 421
        assert _ask(server, "POST", body=body, Host=host)[0] == 421
    for origin in ("http://evil.example", "null", f"https://127.0.0.1:{port}", ""):
        assert _ask(server, "POST", body=body, Origin=origin)[0] == 403
    assert _ask(server, "POST", body=body, Sec_Fetch_Site="cross-site")[0] == 403
    assert _ask(server, "POST", body=urlencode({"token": "x" * 32, "text": BAD}))[0] == 403
    assert _ask(server, "POST", body=urlencode({"text": BAD}))[0] == 403
    assert _ask(server, "POST", body=body, Content_Type="text/plain")[0] == 415
    assert _ask(server, "PUT", body=body)[0] == 501
    assert _ask(server, path="/../etc/passwd")[0] == 404


def test_what_is_too_long_is_refused(server: Server) -> None:
    long = urlencode({"token": server.token, "text": "a" * (LONGEST + 1)})
    assert _ask(server, "POST", body=long)[0] == 413
    assert _ask(server, "POST", body="", Content_Length="99999999")[0] == 413
    assert _ask(server, "POST", body="", Content_Length="9" * 5000)[0] == 413
    assert _ask(server, "POST", body="", Content_Length="-1")[0] == 411


def test_headers(server: Server) -> None:
    for status, text, headers in (_ask(server), _ask(server, path="/x"), _ask(server, Host="evil.example")):
        assert status in (200, 404, 421) and text
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in headers and "Access-Control-Allow-Origin" not in headers
    assert server.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize(
    "text",
    [
        BAD,
        "Kunt u uw IBAN sturen? En stuur ook een kopie van uw paspoort. Groeten, Anna",
        "Please send us your password and your PIN.",
        "Hello 👋🏽! What is your credit card number? Thanks",
    ],
)
@pytest.mark.parametrize("policy", ["avg", "whatsapp"])
def test_a_wording_that_is_offered_passes(text: str, policy: str) -> None:
    result = judge(text, bundled(policy), "whatsapp")
    assert result.findings
    if result.wording:
        assert not judge(result.wording, bundled(policy), "whatsapp").findings
        left = [f for f in check_text(result.wording, bundled(policy), "whatsapp") if "library" not in f.rule]
        assert not left
    else:
        assert result.reasons


def test_the_wording_that_is_offered_is_the_one_that_is_told(tmp_path: Path) -> None:
    """Of two rules at one place: the page offered the words of a bundled rule, and told those of the own one."""
    (tmp_path / "neverask.yaml").write_text(
        "neverask: 1\nextends: [avg]\n"
        "rules:\n  no-sensitive-requests:\n"
        "    {rule: forbid asking for sensitive data, instead: {nl: Dat regelen we anders.}}\n"
    )
    result = judge("Hoi, stuur een foto van je paspoort.", load(str(tmp_path / "neverask.yaml")), "whatsapp")
    assert result.wording == "Hoi, dat regelen we anders."
    assert [finding.instead for finding in result.findings] == ["Dat regelen we anders."]


def test_in_a_browser(server: Server, tmp_path: Path) -> None:
    with browser(tmp_path, script=False) as driver:  # the page needs no script of its own
        from selenium.webdriver.common.by import By
        from selenium.webdriver.common.keys import Keys

        driver.get(server.address)
        driver.switch_to.active_element.send_keys(BAD)
        for _ in range(4):
            driver.switch_to.active_element.send_keys(Keys.TAB)
        driver.switch_to.active_element.send_keys(Keys.ENTER)
        driver.implicitly_wait(30)
        assert driver.find_element(By.TAG_NAME, "mark").text == "rekeningnummer"
        assert driver.find_element(By.ID, "text").get_attribute("value") == BAD
        wording = driver.find_element(By.ID, "wording").get_attribute("value")
        assert "rekeningnummer" not in wording and wording.startswith("Bedankt")
        assert driver.title.startswith("Result")
        assert not [entry for entry in driver.get_log("browser") if "favicon" not in entry["message"]]


@pytest.mark.parametrize("name", ["light", "dark"])
def test_nobody_is_kept_out(server: Server, tmp_path: Path, name: str) -> None:
    with browser(tmp_path, width=500) as driver:
        from selenium.webdriver.common.by import By

        scheme(driver, name)
        driver.get(server.address)
        driver.find_element(By.ID, "text").send_keys(BAD)
        driver.find_element(By.CSS_SELECTOR, "button.main").click()
        driver.implicitly_wait(30)  # the answer takes as long as the machine is busy
        assert driver.find_elements(By.CLASS_NAME, "finding")
        assert driver.execute_script("return document.documentElement.scrollWidth <= innerWidth")
        assert axe(driver) == []
