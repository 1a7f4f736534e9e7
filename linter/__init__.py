"""neverask: a linter for what a company is about to say to its customers."""

if __name__ != "neverask":
    raise ImportError(
        "this folder is the package 'neverask': install the checkout (pip install -e .) and import neverask; "
        "importing it under another name would make a second copy of every module"
    )

__version__ = "0.1.0"
