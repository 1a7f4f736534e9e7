"""What a wheel carries ready compiled, so that the first run is as quick as the next.

``python -m neverask.shipping FOLDER`` fills a folder with the entries that the cache would hold after a run in each
language. setup.py calls it when the wheel is built; without it all works, the first run compiles.
"""

from __future__ import annotations

import os
import sys


def fill(folder: str) -> None:
    """Compile all languages into a folder, which is made."""
    os.environ["NEVERASK_CACHE"] = os.path.abspath(folder)
    from . import resources
    from .language import disguise, identify, pack, tracewords

    for code in resources.languages():
        pack.load(code)
        disguise.spelling(code)
        tracewords.of(code)
    identify.identify("")


if __name__ == "__main__":
    fill(sys.argv[1])
