"""The files for CI as a runner runs them: each ``run`` step of action.yml and each ``script`` line of the templates, by
bash, in a repository of its own, with what the runner sets.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
GITLAB = yaml.safe_load((ROOT / "ci" / "gitlab.yml").read_text(encoding="utf-8"))["neverask"]
ASKS = "- id: 1\n  text: Please send us your IBAN.\n- id: 2\n  text: Hello and welcome!\n"
EXPRESSION = re.compile(r"\$\{\{\s*(.+?)\s*\}\}")


class Runner:
    """A job: a repository, a folder of its own for what is temporary, and the variables that steps get."""

    def __init__(self, folder: Path, inputs: dict[str, str]) -> None:
        self.workspace = folder / "work space"
        self.temp = folder / "temp"
        for made in (self.workspace, self.temp):
            made.mkdir()
        self.inputs = {**{name: said["default"] for name, said in ACTION["inputs"].items()}, **inputs}
        self.summary = folder / "summary.md"
        self.output = folder / "output"
        kept = ("PATH", "HOME", "LANG", "PIP_INDEX_URL", "PIP_CONFIG_FILE", "SSL_CERT_FILE", "NEVERASK_CACHE")
        kept_too = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "HTTP", "http"))}
        self.environment = {
            **{name: os.environ[name] for name in kept if name in os.environ},
            **kept_too,
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_OUTPUT": str(self.output),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_WORKSPACE": str(self.workspace),
            "RUNNER_TEMP": str(self.temp),
            "LC_ALL": "C.UTF-8",
        }
        self.sh("git init -q -b main . && git config core.autocrlf false")

    def write(self, **files: str) -> None:
        for name, text in files.items():
            path = self.workspace / name.replace("__", "/").replace("_yaml", ".yaml")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self.sh("git add .")

    def sh(self, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """As GitHub runs ``shell: bash``."""
        file = self.temp / "step.sh"
        file.write_text(script, encoding="utf-8")
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(file)],
            cwd=self.workspace,
            env={**self.environment, **variables},
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )

    def step(self, name: str) -> subprocess.CompletedProcess[str]:
        """One step of the action, its expressions filled in as GitHub does."""
        step = next(step for step in ACTION["runs"]["steps"] if step.get("name") == name)
        assert step["shell"] == "bash"
        assert "${{" not in step["run"], "an input in a script is run as a part of it"
        return self.sh(step["run"], **{key: self.filled(value) for key, value in step["env"].items()})

    def filled(self, text: str) -> str:
        known = {"github.action_path": str(ROOT), "runner.temp": str(self.temp)}

        def value(expression: str) -> str:
            for part in expression.split("||"):
                name = part.strip()
                found = self.inputs[name.removeprefix("inputs.")] if name.startswith("inputs.") else known[name]
                if found:
                    return found
            return ""

        return EXPRESSION.sub(lambda match: value(match[1]), text)

    def with_this_neverask(self) -> None:
        """What the first step leaves: a command, here the one under test."""
        command = self.temp / "neverask" / "bin" / "neverask"
        command.parent.mkdir(parents=True)
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m neverask "$@"\n', encoding="utf-8")
        command.chmod(0o755)


@pytest.mark.network
def test_the_action_installs_what_it_came_with(tmp_path: Path) -> None:
    runner = Runner(tmp_path, {})
    installed = runner.step("install neverask")
    assert installed.returncode == 0, installed.stdout + installed.stderr
    runner.write(replies__a_yaml=ASKS)
    run = runner.step("neverask check")
    assert run.returncode == 1 and "::error file=replies/a.yaml,line=2," in run.stdout, run.stdout + run.stderr


def test_a_job_with_findings(tmp_path: Path) -> None:
    runner = Runner(tmp_path, {"paths": "replies/\nbots", "html": "out.html"})
    runner.with_this_neverask()
    runner.write(replies__a_yaml=ASKS, bots__b_yaml=ASKS.replace("IBAN", "passport"), other_yaml=ASKS)
    run = runner.step("neverask check")
    assert run.returncode == 1, run.stderr
    assert re.findall(r"^::(\w+) file=([^,]+),", run.stdout, re.MULTILINE) == [
        ("error", "bots/b.yaml"),
        ("error", "replies/a.yaml"),
    ]
    assert "replies/a.yaml" in runner.summary.read_text(encoding="utf-8")
    upload = next(step for step in ACTION["runs"]["steps"] if "upload-sarif" in step.get("uses", ""))
    sarif = json.loads(Path(runner.filled(upload["with"]["sarif_file"])).read_text(encoding="utf-8"))
    assert len(sarif["runs"][0]["results"]) == 2
    assert (runner.workspace / "out.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_job_that_leaves_out_what_was_there(tmp_path: Path) -> None:
    runner = Runner(tmp_path, {"baseline": "known.json", "diff": ""})
    runner.with_this_neverask()
    runner.write(replies__a_yaml=ASKS)
    made = runner.sh(f'"{runner.temp / "neverask" / "bin" / "neverask"}" baseline -o known.json')
    assert made.returncode == 0, made.stderr
    assert runner.step("neverask check").returncode == 0
    runner.sh("git add . && git -c user.name=a -c user.email=a@example.org commit -qm a")
    runner.write(replies__b_yaml=ASKS)
    runner.inputs |= {"baseline": "", "diff": "HEAD"}
    run = runner.step("neverask check")
    assert run.returncode == 1, run.stderr
    assert re.findall(r"^::(\w+) file=([^,]+),", run.stdout, re.MULTILINE) == [("error", "replies/b.yaml")]


def test_what_github_does_not_show_is_told_first(tmp_path: Path) -> None:
    runner = Runner(tmp_path, {})
    runner.with_this_neverask()
    runner.write(replies__a_yaml="".join(f"- id: {n}\n  text: Please send us your IBAN.\n" for n in range(10)))
    run = runner.step("neverask check")
    assert "GitHub shows" not in run.stdout
    runner.write(replies__b_yaml=ASKS)
    first = runner.step("neverask check").stdout.splitlines()[0]
    assert first.startswith("::notice title=neverask::11 errors") and "GitHub shows the first 10 " in first, first


def test_a_clean_job(tmp_path: Path) -> None:
    runner = Runner(tmp_path, {"policy": "pci-dss"})
    runner.with_this_neverask()
    runner.write(replies__a_yaml=ASKS)
    run = runner.step("neverask check")
    assert run.returncode == 0 and "::error" not in run.stdout, run.stdout + run.stderr
    assert "nothing found" in runner.summary.read_text(encoding="utf-8")


def test_inputs_are_no_part_of_a_script(tmp_path: Path) -> None:
    runner = Runner(tmp_path, {"paths": "$(touch ran) `touch ran` ; touch ran", "policy": "'; touch ran; '"})
    runner.with_this_neverask()
    runner.write(replies__a_yaml=ASKS)
    assert runner.step("neverask check").returncode == 2
    assert not (runner.workspace / "ran").exists()


def test_the_template_for_gitlab(tmp_path: Path) -> None:
    runner = Runner(tmp_path, {})
    runner.with_this_neverask()
    runner.write(replies__a_yaml=ASKS)
    lines = GITLAB["script"]
    assert [line.split()[0] for line in lines] == ["apt-get", "pip", "neverask"]
    variables = {name: str(value) for name, value in GITLAB["variables"].items()}
    del runner.environment["GITHUB_ACTIONS"]
    variables |= {"PATH": f"{runner.temp / 'neverask' / 'bin'}{os.pathsep}{runner.environment['PATH']}"}
    run = runner.sh(lines[-1], GITLAB_CI="true", **variables)
    assert run.returncode == 1 and "a.yaml:2:29: error" in run.stdout, run.stdout + run.stderr
    reports = GITLAB["artifacts"]["reports"]
    (issue,) = json.loads((runner.workspace / reports["codequality"]).read_text(encoding="utf-8"))
    assert issue["location"] == {"path": "replies/a.yaml", "lines": {"begin": 2, "end": 2}}
    assert {"description", "check_name", "fingerprint", "severity"} <= issue.keys()
    assert (runner.workspace / reports["junit"]).exists()
    assert all((runner.workspace / path).exists() for path in GITLAB["artifacts"]["paths"])


def of_docs(language: str) -> str:
    (block,) = re.findall(rf"```{language}\n(.*?)```", (ROOT / "docs" / "ci.md").read_text(encoding="utf-8"), re.DOTALL)
    return str(block)


def azure() -> dict[str, Any]:
    text = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8").partition("## Azure Pipelines")[2]
    found: dict[str, Any] = yaml.safe_load(re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)[0])
    return found


@pytest.mark.parametrize("server", ["jenkins", "azure"])
def test_the_examples_of_the_docs(server: str, tmp_path: Path) -> None:
    runner = Runner(tmp_path, {})
    runner.with_this_neverask()
    runner.write(replies__a_yaml=ASKS, bots__b_yaml=ASKS)
    del runner.environment["GITHUB_ACTIONS"]
    if server == "jenkins":
        script = re.findall(r"sh '(.+)'", of_docs("groovy"))[-1]
        (runner.workspace / ".neverask").symlink_to(runner.temp / "neverask")
    else:
        script = next(step["script"] for step in azure()["steps"] if "script" in step).partition("&& ")[2]
    path = f"{runner.temp / 'neverask' / 'bin'}{os.pathsep}{runner.environment['PATH']}"
    run = runner.sh(script, PATH=path)
    assert run.returncode == 1 and "2 errors" in run.stdout, run.stdout + run.stderr
    assert (runner.workspace / "neverask.xml").exists()


@pytest.mark.parametrize(
    ("file", "schema"), [("action.yml", "vendor.github-actions"), ("ci/gitlab.yml", "vendor.gitlab-ci")]
)
def test_the_files_are_what_their_schemas_say(file: str, schema: str) -> None:
    pytest.importorskip("check_jsonschema")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(ROOT / file)]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
