"""What a wheel carries ready compiled, so that the first run is as quick as the next.

``python -m neverask.shipping FOLDER`` fills a folder with the entries that the cache would hold after a run in each
language; with the code of a language behind it, with those of that one only. setup.py calls it when the wheel is built;
without it all works, the first run compiles.
"""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial


def fill(folder: str) -> None:
    """Compile all languages into a folder, which is made. Raises CalledProcessError where one can't be compiled.

    Each is compiled in a process of its own: what is written depends on what the process has held before, and is to be
    the same on a machine with few processors and on one with many.
    """
    os.environ["NEVERASK_CACHE"] = os.path.abspath(folder)
    from . import resources
    from .language import identify

    identify.identify("")  # the languages need it
    with ThreadPoolExecutor(os.cpu_count()) as several:
        list(several.map(partial(_in_a_process, folder), resources.languages()))


def _in_a_process(folder: str, code: str) -> None:
    subprocess.run([sys.executable, "-m", __spec__.name, folder, code], check=True)


def _compile(folder: str, code: str) -> None:
    os.environ["NEVERASK_CACHE"] = os.path.abspath(folder)
    from .language import disguise, pack, tracewords

    pack.load(code)
    disguise.spelling(code)
    tracewords.of(code)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        _compile(sys.argv[1], sys.argv[2])
    else:
        fill(sys.argv[1])
