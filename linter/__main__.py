"""``python -m neverask``: the command line without the script that pip makes."""

from .cli import main

main(prog_name="neverask")
