"""Sets up everything a fresh clone needs: the virtual environment, a Java, the Spark libraries. Standard library only.

Called by `make`; every step is skipped when it is done already, and goes on where a cut-off left it.
Kept to syntax that old Pythons can read, so that they can be told which Python is needed.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time

PYTHONS = ((3, 13), (3, 12), (3, 11))  # those for which everything that is pinned is there to be installed
WANTED = "Python 3.11, 3.12 or 3.13"
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
LOG = os.path.join(ROOT, ".lakelet", "setup.log")
GIGABYTES_NEEDED = 3
PROGRESS_SECONDS = 5
# compat: by a path, which the rehearsal can take off again; the default is a hook, which it cannot.
EDITABLE = ["--no-deps", "--no-build-isolation", "--no-index", "--config-settings", "editable_mode=compat", "-e", "."]
JAVA_REQUIREMENTS = "requirements-java.txt"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")  # as tests/chromium.py looks


class SetupError(Exception):
    """Set-up cannot go on; the message is one line with the next step."""


def say(line):
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def right_python():
    """This Python if it is one of those that will do, else one of them from PATH."""
    if sys.version_info[:2] in PYTHONS:
        return sys.executable
    for version in PYTHONS:
        found = shutil.which("python%d.%d" % version)
        if found:
            return found
    raise SetupError(
        "Lakelet needs %s; this is %d.%d. Install one, or name it: make run PYTHON=python3.13"
        % ((WANTED,) + sys.version_info[:2])
    )


def check_space():
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < GIGABYTES_NEEDED:
        raise SetupError(
            "set-up needs about %d GB of disk and %.1f GB are free in %s; make room and run it again"
            % (GIGABYTES_NEEDED, free, ROOT)
        )


def digest(names):
    found = hashlib.sha256()
    for name in names:
        with open(os.path.join(ROOT, name), "rb") as file:
            found.update(file.read())
    return found.hexdigest()


def is_done(stamp, names):
    try:
        with open(os.path.join(VENV, stamp)) as file:
            return file.read() == digest(names) and os.path.exists(PYTHON)
    except OSError:
        return False


def mark_done(stamp, names):
    with open(os.path.join(VENV, stamp), "w") as file:
        file.write(digest(names))


def make_venv(python):
    works = os.path.exists(PYTHON) and subprocess.call([PYTHON, "-c", "import pip"], stderr=subprocess.DEVNULL) == 0
    if works:
        return
    say("making .venv")
    clear = ["--clear"] if os.path.exists(VENV) else []
    if subprocess.call([python, "-m", "venv"] + clear + [VENV]) != 0:
        raise SetupError("python -m venv failed; on Debian and Ubuntu: apt install python3-venv")


class Meter:
    """Says every few seconds how far pip is, from the lines that it prints."""

    def __init__(self, title, expected):
        self.title, self.expected = title, expected
        self.fetched, self.is_installing = 0, False
        self.began = self.shown = time.time()

    def see(self, line):
        self.fetched += line.startswith(("Collecting", "Requirement already"))
        self.is_installing = self.is_installing or line.startswith(("Building wheels", "Installing collected"))
        if time.time() - self.shown > PROGRESS_SECONDS:
            self.say("installing" if self.is_installing else "%d of %d" % (self.fetched, self.expected))

    def say(self, what):
        self.shown = time.time()
        say("  %s: %s (%d s)" % (self.title, what, self.shown - self.began))


def install(title, arguments, expected):
    """Runs pip, shows how far it is, and turns its failures into one line."""
    command = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    meter, tail = Meter(title, expected), []
    with open(LOG, "a") as log:
        process = subprocess.Popen(
            command + arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True, cwd=ROOT
        )
        for line in process.stdout:
            log.write(line)
            tail = (tail + [line.strip()])[-40:]
            meter.see(line)
        if process.wait() != 0:
            raise SetupError(why_pip_failed("\n".join(tail)))
    meter.say("done")


def why_pip_failed(output):
    if "No space left on device" in output:
        return "the disk is full; make room (about %d GB) and run it again: it goes on where it was" % GIGABYTES_NEEDED
    if "HASHES" in output or "hash mismatch" in output.lower():
        return "a downloaded package is not the one that was pinned (checksum); .lakelet/setup.log names it"
    if "No matching distribution" in output and "(from versions: none)" not in output:
        return (
            "a package cannot be had for this Python or this machine, .lakelet/setup.log names it; "
            "it needs %s, on Linux or on a Mac with Apple's processor" % WANTED
        )
    if any(
        sign in output
        for sign in (
            "NewConnectionError",
            "ConnectTimeout",
            "ProxyError",
            "Failed to establish",
            "Temporary failure",
            "No matching distribution",
        )
    ):
        return "the Python package index cannot be reached; check the network and run it again: it goes on where it was"
    return "pip failed; the last lines of .lakelet/setup.log say why, then run it again"


def requirement_count(names):
    lines = []
    for name in names:
        with open(os.path.join(ROOT, name)) as file:
            lines += [line for line in file if "==" in line and not line.startswith((" ", "#"))]
    return len(lines)


def install_packages(names, stamp):
    if is_done(stamp, names + ["pyproject.toml"]):
        return
    check_space()
    wanted = [part for name in names for part in ("-r", name)]
    install("Python packages", ["--require-hashes"] + wanted, requirement_count(names))
    install("lakelet", EDITABLE, 1)
    mark_done(stamp, names + ["pyproject.toml"])


def has_java():
    """Whether the rehearsal finds a Java that Spark runs on."""
    find = [PYTHON, "-c", "from rehearsal.spark import java; java.find()"]
    return subprocess.call(find, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


def install_java():
    """The Java that is there, else one from the package index."""
    if has_java():
        return
    say("no Java from 17 to 22 found: taking one from the package index")
    install("Java", ["--require-hashes", "-r", JAVA_REQUIREMENTS], 1)
    if not has_java():
        raise SetupError(
            "no Java could be set up; install one from 17 to 22 (Debian: apt install openjdk-17-jre-headless)"
        )


def install_browser():
    """The browser that tests look at the page with: there already, or Debian's. Without one those tests are skipped."""
    if any(shutil.which(name) for name in BROWSERS):
        return
    skipped = "; the tests that look at the page are skipped (Debian, as root: apt-get install chromium)"
    if not shutil.which("apt-get") or os.geteuid() != 0:
        say("no Chromium found" + skipped)
        return
    say("no Chromium found: taking Debian's (about a minute)")
    quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    with open(LOG, "a") as log:
        for arguments in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            code = subprocess.call(
                ["apt-get", "-q"] + arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=quiet
            )
    if code != 0 or not any(shutil.which(name) for name in BROWSERS):
        say("Chromium could not be installed, the last lines of .lakelet/setup.log say why" + skipped)


def set_up(with_tests):
    python = right_python()
    os.makedirs(os.path.dirname(LOG), exist_ok=True)
    make_venv(python)
    install_packages(["requirements.txt"], "lakelet-ready")
    if with_tests:
        install_packages(["requirements.txt", "requirements-dev.txt"], "lakelet-tests-ready")
        install_browser()
    install_java()
    if subprocess.call([PYTHON, "-m", "rehearsal.spark"], cwd=ROOT) != 0:
        raise SetupError("the Spark libraries are not complete; the line above says what to do")
    if subprocess.call([PYTHON, "-m", "infra.packaging"], cwd=ROOT, stdout=subprocess.DEVNULL) != 0:
        raise SetupError("the functions' packages could not be built; the line above says what to do")


def main():
    parser = argparse.ArgumentParser(description="Sets up what a fresh clone needs.")
    parser.add_argument("--tests", action="store_true", help="also what the tests need")
    try:
        set_up(parser.parse_args().tests)
    except SetupError as error:
        say("set-up: %s" % error)
        return 1
    except OSError as error:
        say("set-up: %s; the disk may be full or read-only: make room and run it again" % error)
        return 1
    except KeyboardInterrupt:
        say("\nset-up: stopped; run it again and it goes on where it was")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
