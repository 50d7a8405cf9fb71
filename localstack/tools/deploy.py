#!/usr/bin/env python3
"""Prepares what a deployment to AWS needs, and calls the Pulumi CLI in infra/stack.

    deploy.py preview|deploy|destroy STAGE [OPTIONS OF THE CLI]
    deploy.py pulumi ARGUMENTS OF THE CLI

The CLI itself shows what would change and asks. docs/DEPLOY.md says how a first deployment goes.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
import zlib
from pathlib import Path

from tools import ROOT, Stop, cache, package, run, say, step

STACK = ROOT / "infra" / "stack"
PAGE = ROOT / "app" / "dashboard"
FUNCTIONS = ROOT / "target" / "functions"
STAGES = ("dev", "stg", "prod")
# The C library of Lambda's provided.al2023; a function that was linked with a newer one does not start there.
GLIBC = "2.34"
# Zipped. Lambda fetches it for every copy that starts.
LARGEST_MEGABYTES = 4.5
TARGETS = {"arm64": "aarch64-unknown-linux-gnu", "x86_64": "x86_64-unknown-linux-gnu"}


def main(arguments: list[str]) -> None:
    match arguments:
        case ["pulumi", *rest]:
            build_program()
            call(rest)
        case [("preview" | "deploy" | "destroy") as verb, stage, *rest]:
            check_stage(verb, stage)
            check_stack(stage)
            say(f"{verb} {stage}, of {commit()}, with state in {backend()}")
            build_program()
            if verb != "destroy":
                build_functions(stage)
                build_page()
            if verb != "preview":
                say("  nothing is changed before you have seen what, and said yes")
            command = {"preview": "preview", "deploy": "up", "destroy": "destroy"}[verb]
            call([command, "--stack", stage, *rest])
        case _:
            raise Stop(f"expected preview, deploy or destroy with a stage, or pulumi\n{__doc__}")


def call(arguments: list[str]) -> None:
    os.chdir(STACK)
    cli = os.environ["MIYABI_PULUMI"]
    os.execv(cli, ["pulumi", *arguments])


def ask(*arguments: str) -> subprocess.CompletedProcess:
    """What the CLI says, without a question back."""
    command = [os.environ["MIYABI_PULUMI"], *arguments, "--non-interactive"]
    return subprocess.run(command, cwd=STACK, capture_output=True, text=True, stdin=subprocess.DEVNULL)


# --- Before anything is built -----------------------------------------------------------------------------------


def check_stage(verb: str, stage: str) -> None:
    if stage == "local":
        raise Stop("the stage local is this machine: ./just up")
    if stage not in STAGES:
        raise Stop(f"{stage!r} is no stage: expected one of {', '.join(STAGES)}")
    if verb == "deploy" and stage == "prod" and (changed := git("status", "--porcelain")):
        raise Stop("production is deployed from what is committed, and this work tree has changes:\n"
                   f"{changed}\ncommit or stash them first")


def check_stack(stage: str) -> None:
    listed = ask("stack", "ls", "--json")
    if listed.returncode != 0:
        raise Stop(f"the Pulumi CLI cannot list stacks: {listed.stderr.strip()}\n"
                   "say where state is kept, once: ./just pulumi login s3://BUCKET (docs/DEPLOY.md)")
    names = [stack["name"].rsplit("/", 1)[-1] for stack in json.loads(listed.stdout)]
    if stage not in names:
        raise Stop(f"there is no stack {stage} yet, of {len(names)} in {backend()}; make it, and say its region:\n"
                   f"  ./just pulumi stack init {stage}\n"
                   f"  ./just pulumi config set aws:region eu-west-1 --stack {stage}")


def backend() -> str:
    asked = ask("whoami", "--json")
    return json.loads(asked.stdout).get("url", "Pulumi's service") if asked.returncode == 0 else "an unknown backend"


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True).stdout.rstrip()


def commit() -> str:
    changes = " with changes" if git("status", "--porcelain") else ""
    return (git("log", "-1", "--format=%h") or "an unknown commit") + changes


# --- Building ---------------------------------------------------------------------------------------------------


def build_program() -> None:
    # As `pulumi` typed by hand builds them, so that the CLI does not wait for a compiler without a word. One after the
    # other, as the host and the CLI do it: together they would be built with other features, and then once more.
    for name in ("miyabi-pulumi-language-rust", "miyabi-infra"):
        command = ["cargo", "build", "--quiet", "--locked", "-p", name]
        if subprocess.run(command, cwd=ROOT).returncode != 0:
            raise Stop(f"{name} does not compile: see above")


def build_functions(stage: str) -> None:
    functions, architecture = what_runs(stage)
    target = TARGETS[architecture]
    check_target(stage, architecture, target)
    folder = package("cargo-zigbuild", "cargo-zigbuild")
    # It finds the linker by the Python that comes first.
    variables = {**os.environ, "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    packages = [option for name in functions for option in ("-p", f"miyabi-{name}")]
    build = ["cargo-zigbuild", "zigbuild", "--release", "--locked", "--target", f"{target}.{GLIBC}", *packages, "--bins"]
    with step(f"building {len(functions)} functions for {architecture}: {', '.join(functions)}"):
        run(build, "building the functions", cache() / "log" / "functions.log", cwd=ROOT, env=variables)
    for name in functions:
        bootstrap = FUNCTIONS / name / "bootstrap"
        bootstrap.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(Path(os.environ["CARGO_TARGET_DIR"]) / target / "release" / f"miyabi-{name}", bootstrap)
    check_sizes(functions)


def check_sizes(functions: list[str]) -> None:
    """How much Lambda has to fetch before a function starts: what is over the limit starts slower than it should."""
    sizes = {name: len(zlib.compress((FUNCTIONS / name / "bootstrap").read_bytes(), 9)) / 1e6 for name in functions}
    say("  zipped: " + ", ".join(f"{name} {megabytes:.1f} MB" for name, megabytes in sizes.items()))
    for name, megabytes in sizes.items():
        if megabytes > LARGEST_MEGABYTES:
            say(f"  warning: {name} is {megabytes:.1f} MB zipped, expected at most {LARGEST_MEGABYTES} MB, for a fast start")


def what_runs(stage: str) -> tuple[list[str], str]:
    """The names of the stage's functions, and the CPU that they are for, as the program itself says."""
    # Only this changes what has to be built.
    key = "miyabi:compute.architecture"
    found = ask("config", "get", "--stack", stage, "--path", key)
    if found.returncode != 0 and "not found" not in found.stderr:
        raise Stop(f"the Pulumi CLI cannot read {key} of {stage}: {found.stderr.strip()}")
    chosen = found.stdout.strip()
    program = Path(os.environ["CARGO_TARGET_DIR"]) / "debug" / "infra"
    options = ["--config", f"compute.architecture={chosen}"] if chosen else []
    asked = subprocess.run([program, "graph", "--stage", stage, *options], capture_output=True, text=True)
    if asked.returncode != 0:
        raise Stop(asked.stderr.strip())
    functions = [resource["inputs"] for resource in json.loads(asked.stdout)["resources"]
                 if resource["type"] == "aws:lambda/function:Function"]
    files = [Path(inputs["code"]["archive"]["bootstrap"]["file"]) for inputs in functions]
    architectures = {name for inputs in functions for name in inputs["architectures"]}
    if len(architectures) != 1:
        raise Stop(f"functions are for {sorted(architectures)}, expected one architecture")
    return sorted(path.parent.name for path in files), architectures.pop()


def check_target(stage: str, architecture: str, target: str) -> None:
    asked = subprocess.run(["rustc", "--print", "target-libdir", "--target", target], capture_output=True, text=True)
    if asked.returncode == 0 and any(Path(asked.stdout.strip()).glob("libstd-*")):
        return
    own = "x86_64" if platform.machine() in ("x86_64", "AMD64") else "arm64"
    problem = (f"the functions of {stage} are for {architecture}, and this Rust has no standard library for it. Get it:\n"
               f"  rustup target add {target}\n"
               "(a Rust of the system's own packages has it in another package, or not at all)")
    if own != architecture:
        problem += (f"\nor let the stage run on {own}, like this machine; its functions then cost a quarter more:\n"
                    f"  ./just pulumi config set --path miyabi:compute.architecture {own} --stack {stage}")
    raise Stop(problem)


def build_page() -> None:
    log = cache() / "log" / "page.log"
    with step("building the page"):
        if not (PAGE / "node_modules" / ".package-lock.json").exists():
            run(["npm", "ci", "--no-audit", "--no-fund"], "installing the page's packages", log, cwd=PAGE)
        run(["npm", "run", "--silent", "build"], "building the page", log, cwd=PAGE)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Stop as problem:
        say(f"error: {problem}")
        sys.exit(1)
    except OSError as problem:
        say(f"error: {problem}")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
