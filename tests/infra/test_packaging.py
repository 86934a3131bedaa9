import hashlib
import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra import packaging, vendor
from infra.errors import PackagingError
from infra.packaging import Packager, hashed_name

SITE_PACKAGES = Path(pytest.__file__).parents[1]
OF_THE_RUNTIME = ("boto3", "botocore", "jmespath", "s3transfer", "dateutil", "six.py", "urllib3")


def make_wheel(folder: Path, name: str, code: str) -> str:
    """A pure wheel of one module, and its line in a requirements file."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{name}/__init__.py", code)
        wheel.writestr(f"{name}/tests/test_it.py", "")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


@pytest.fixture
def wheels(tmp_path, monkeypatch) -> Path:
    """A folder that pip takes its wheels from, and from nowhere else."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def make_sources(root: Path, requirements: str = "") -> Packager:
    files = {
        "sources/__init__.py": "",
        "sources/chess.py": "NAME = 'chess'\n",
        "lambdas/__init__.py": "",
        "lambdas/extract.py": "import sources.chess\n",
        "etl/__init__.py": "",
        "etl/jobs/curate.py": "print('curate')\n",
        "lambdas/requirements.txt": requirements,
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Packager(root, root / "build")


def contents(package: Path) -> list[str]:
    return zipfile.ZipFile(package).namelist()


def test_the_same_sources_give_the_same_bytes_anywhere_and_at_any_time(tmp_path, wheels):
    line = make_wheel(wheels, "greeting", "hello = 1\n")
    one, other = (make_sources(tmp_path / place, line) for place in ("one", "other"))
    for number, path in enumerate(sorted(other.root.rglob("*.py"))):
        os.utime(path, (number, number))
        path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    assert one.extract().read_bytes() == other.extract().read_bytes()
    assert one.conduct().read_bytes() == other.conduct().read_bytes()
    assert one.etl().read_bytes() == other.etl().read_bytes()


def test_what_is_no_source_changes_nothing(tmp_path):
    packager = make_sources(tmp_path)
    before = packager.conduct().read_bytes()
    for name in ("sources/__pycache__/chess.cpython-313.pyc", "sources/.chess.py.swp", "lambdas/notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("left behind")
    assert packager.conduct().read_bytes() == before


def test_a_package_holds_its_rooms_and_extract_its_libraries_too(tmp_path, wheels):
    packager = make_sources(tmp_path, make_wheel(wheels, "greeting", ""))
    rooms = ["lambdas/__init__.py", "lambdas/extract.py", "sources/__init__.py", "sources/chess.py"]
    assert contents(packager.conduct()) == rooms
    assert contents(packager.etl()) == ["etl/__init__.py", "etl/jobs/curate.py", *rooms[2:]]
    library = ["greeting-1.0.dist-info/METADATA", "greeting-1.0.dist-info/WHEEL", "greeting/__init__.py"]
    assert contents(packager.extract()) == sorted([*library, *rooms])


def test_libraries_are_fetched_once(tmp_path, wheels, monkeypatch):
    packager = make_sources(tmp_path, make_wheel(wheels, "greeting", ""))
    before = packager.extract().read_bytes()
    (wheels / "greeting-1.0-py3-none-any.whl").unlink()
    assert packager.extract().read_bytes() == before


def test_a_library_that_is_not_the_pinned_one_is_refused(tmp_path, wheels):
    line = make_wheel(wheels, "greeting", "")
    make_wheel(wheels, "greeting", "import evil")
    packager = make_sources(tmp_path, line)
    with pytest.raises(PackagingError) as stopped:
        packager.extract()
    assert "requirements.txt" in str(stopped.value)
    assert "\n" not in str(stopped.value)
    assert list((tmp_path / "build" / "vendor").iterdir()) == []


def test_a_library_that_cannot_be_had_stops_with_one_line_and_leaves_nothing(tmp_path, wheels):
    packager = make_sources(tmp_path, f"greeting==1.0 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(PackagingError, match=r"greeting==1.0.*check the network") as stopped:
        packager.extract()
    assert "\n" not in str(stopped.value)
    assert list((tmp_path / "build" / "vendor").iterdir()) == []


def test_a_fetch_that_is_cut_off_leaves_nothing(tmp_path, monkeypatch):
    def cut_off(requirements: Path, folder: Path) -> None:
        folder.mkdir()
        (folder / "half.py").write_text("x =")
        raise KeyboardInterrupt

    monkeypatch.setattr(vendor, "_fetch", cut_off)
    with pytest.raises(KeyboardInterrupt):
        make_sources(tmp_path).extract()
    assert list((tmp_path / "build" / "vendor").iterdir()) == []


def test_a_package_that_is_too_large_is_refused(tmp_path, monkeypatch):
    packager = make_sources(tmp_path)
    (tmp_path / "sources" / "chess.py").write_text("#" * 2_000)
    monkeypatch.setattr(packaging, "LIMIT_BYTES", 1_000)
    with pytest.raises(PackagingError, match=r"conduct.zip has 2,0\d\d bytes.*1,000.*sources/chess.py"):
        packager.conduct()


def test_a_name_changes_with_what_is_in_the_file(tmp_path):
    script = make_sources(tmp_path).script("curate")
    before = hashed_name(script)
    assert before.startswith("curate-")
    assert before.endswith(".py")
    script.write_text("print('curate again')\n")
    assert hashed_name(script) != before


@pytest.mark.parametrize(
    ("package", "module"),
    [
        ("extract", "lambdas.extract.handler"),
        ("conduct", "lambdas.conduct.start"),
        ("conduct", "lambdas.conduct.record"),
        ("conduct", "lambdas.conduct.reconcile"),
    ],
)
def test_a_real_package_imports_with_only_boto3_beside_it(tmp_path, package, module):
    unzipped, runtime = tmp_path / "task", tmp_path / "runtime"
    zipfile.ZipFile(getattr(Packager(), package)()).extractall(unzipped)
    runtime.mkdir()
    for name in OF_THE_RUNTIME:
        (runtime / name).symlink_to(SITE_PACKAGES / name)
    code = (
        f"import sys; sys.path[:0] = [{str(unzipped)!r}, {str(runtime)!r}]; import importlib; "
        f"assert callable(importlib.import_module({module!r}).handler)"
    )
    done = subprocess.run([sys.executable, "-I", "-S", "-B", "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def other_program(folder: Path, **files: str) -> Path:
    named = {"sources/golf.py": "NAME = 'golf'\n", "etl/golf.py": "", "lambdas/caddie.py": "", "notes.py": ""}
    for name, text in (named | files).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def test_what_another_program_adds_stands_beside_ours(tmp_path):
    ours = make_sources(tmp_path / "ours")
    both = Packager(ours.root, ours.build, extra=(other_program(tmp_path / "club"),))
    assert set(contents(both.conduct())) == {*contents(ours.conduct()), "sources/golf.py"}
    assert set(contents(both.etl())) == {*contents(ours.etl()), "sources/golf.py", "etl/golf.py"}


def test_packages_of_two_programs_do_not_take_each_others_place(tmp_path):
    ours = make_sources(tmp_path / "ours")
    others = [other_program(tmp_path / place) for place in ("club", "links")]
    packages = {
        Packager(ours.root, ours.build, extra=extra).etl() for extra in ((), others[:1], others[1:], others[:1])
    }
    assert len(packages) == 3
    assert {package.name for package in packages} == {"lake.zip"}


@pytest.mark.parametrize("name", ["sources/chess.py", "sources/__init__.py"])
def test_a_module_of_another_program_does_not_take_the_place_of_ours(tmp_path, name):
    ours = make_sources(tmp_path / "ours")
    both = Packager(ours.root, ours.build, extra=(other_program(tmp_path / "club", **{name: ""}),))
    with pytest.raises(PackagingError, match=rf"club/{name}: there is a module {name} already"):
        both.conduct()
