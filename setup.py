"""The wheel carries the languages compiled (linter/shipping.py); all else about the package stands in setup.cfg."""

import os
import shutil
import subprocess
import sys

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildPy(build_py):
    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            top = os.path.abspath(self.build_lib)
            folder = os.path.join(top, "neverask", "grammar", "compiled")
            shutil.rmtree(folder, ignore_errors=True)  # what an earlier build compiled from other grammars
            # In a process of its own, with hashes that don't differ: the same sources give the same bytes.
            environment = {
                **os.environ,
                "PYTHONPATH": os.pathsep.join([top, *filter(None, sys.path)]),
                "PYTHONHASHSEED": "0",
            }
            subprocess.run([sys.executable, "-m", "neverask.shipping", folder], env=environment, check=True)


setup(cmdclass={"build_py": BuildPy})
