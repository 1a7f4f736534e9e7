"""A real Chromium for tests of pages; where there is none, such tests are skipped.

axe-core, which finds what keeps people with a screen reader or a keyboard out, is looked for in the folder that
``NEVERASK_AXE`` names (the file axe.min.js of the npm package axe-core).
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
DRIVER = shutil.which("chromedriver") or ""
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)


@contextmanager
def browser(folder: Path, width: int = 1200, height: int = 900, script: bool = True) -> Iterator[Any]:
    """A browser with an empty profile in ``folder``; ``script`` False: pages run no scripts."""
    webdriver = pytest.importorskip("selenium.webdriver")
    if not (CHROMIUM and DRIVER):
        pytest.skip("there is no Chromium with its driver here")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*_FLAGS, f"--user-data-dir={folder / 'profile'}", f"--window-size={width},{height}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    if not script:
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    try:
        yield driver
    finally:
        driver.quit()


def scheme(driver: Any, name: str) -> None:
    """Light or dark, as the system would say it."""
    features = [{"name": "prefers-color-scheme", "value": name}]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def axe(driver: Any) -> list[str]:
    """What axe-core finds on the page; skips the test where axe-core is not installed."""
    source = Path(os.environ.get("NEVERASK_AXE", ""), "axe.min.js")
    if not source.is_file():
        pytest.skip("axe-core is not here: npm install axe-core, and NEVERASK_AXE names its folder")
    # Evaluated through the debugger, which the page's Content-Security-Policy does not bind.
    driver.execute_cdp_cmd("Runtime.evaluate", {"expression": source.read_text(encoding="utf-8")})
    found = driver.execute_cdp_cmd(
        "Runtime.evaluate",
        {"expression": "axe.run().then(r => JSON.stringify(r.violations))", "awaitPromise": True},
    )
    return [
        f"{one['id']}: {one['help']}: {[node['html'][:120] for node in one['nodes'][:3]]}"
        for one in json.loads(found["result"]["value"])
    ]
