"""The tree's laws: layers, cycles, docstrings, shells, and what the files may not say."""

import ast
import importlib
import inspect
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType

import pytest

TOP = Path(__file__).parents[2]
SOURCE = TOP / "src" / "netloom"

LAYERS: tuple[frozenset[str], ...] = tuple(
    frozenset(layer.split())
    for layer in (
        "errors",
        "model codecs",
        "platforms transports store topology confined",
        "devices inventory history",
        "collectors intent lab export compat alerts",
        "workspace",
        "app",
        "api",
        "web cli",
    )
)
RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}


@cache
def modules() -> dict[str, ast.Module]:
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = ast.parse(path.read_text(), filename=str(path))
    return found


@cache
def imports(name: str) -> frozenset[str]:
    """The modules of the package that a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(modules()[name]):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                found.add(full if full in modules() else node.module or "")
    return frozenset(target for target in found if target in modules() and target != name)


def layer(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def test_every_package_has_a_place_in_the_layers() -> None:
    assert {layer(name) for name in modules()} - {""} <= set(RANK)


def test_each_layer_imports_only_what_stands_below_it() -> None:
    against = [
        f"{name} imports {target}"
        for name in modules()
        for target in imports(name)
        if layer(target) and layer(name) and layer(target) != layer(name) and RANK[layer(target)] >= RANK[layer(name)]
    ]
    assert against == []


def test_no_module_is_in_an_import_cycle() -> None:
    settled: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail, name))
        if name not in settled:
            for target in sorted(imports(name)):
                visit(target, (*trail, name))
            settled.add(name)

    for name in modules():
        visit(name, ())


IMPURE = {
    "asyncio",
    "socket",
    "subprocess",
    "time",
    "random",
    "os",
    "pathlib",
    "threading",
    "shutil",
    "tempfile",
    "secrets",
}


@pytest.mark.parametrize("package", ["model", "codecs", "platforms", "topology"])
def test_pure_packages_import_no_input_output_clock_or_chance(package: str) -> None:
    impure = []
    for name, tree in modules().items():
        if layer(name) != package:
            continue
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            impure += [f"{name} imports {found}" for found in names if found.split(".")[0] in IMPURE]
    assert impure == []


METHODS = (FunctionType, property, classmethod, staticmethod)


def public(module: ModuleType) -> Iterator[tuple[str, object]]:
    """What a module defines at its top, and its classes' methods, where no name begins with an underscore."""
    for name, item in vars(module).items():
        own = getattr(item, "__module__", None) == module.__name__
        if name.startswith("_") or not own or not (inspect.isclass(item) or inspect.isfunction(item)):
            continue
        yield f"{module.__name__}.{name}", item
        if inspect.isclass(item):
            for below, method in vars(item).items():
                if not below.startswith("_") and isinstance(
                    method, FunctionType | property | classmethod | staticmethod
                ):
                    yield f"{module.__name__}.{name}.{below}", getattr(item, below)


def test_everything_public_has_a_docstring() -> None:
    """A method that overrides one has that one's."""
    missing = []
    for name in modules():
        module = importlib.import_module(name)
        if not module.__doc__:
            missing.append(name)
        missing += [place for place, item in public(module) if not inspect.getdoc(item)]
    assert missing == []


def test_nothing_runs_a_shell() -> None:
    found = [
        f"{name}:{node.lineno}"
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (
            any(keyword.arg == "shell" and ast.unparse(keyword.value) != "False" for keyword in node.keywords)
            or ast.unparse(node.func) in ("os.system", "os.popen", "asyncio.create_subprocess_shell")
        )
    ]
    assert found == []


def test_files_and_functions_keep_to_their_lengths() -> None:
    long = [
        f"{path.relative_to(TOP)}: {count} lines"
        for path in sorted(SOURCE.rglob("*.py"))
        if (count := path.read_text().count("\n")) > 500
    ]
    for name, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > 60:
                    long.append(f"{name}.{node.name}: {length} lines")
    assert long == []


VAGUE = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc", "shared"}


def test_no_module_has_a_vague_name() -> None:
    assert [name for name in modules() if name.rsplit(".", 1)[-1] in VAGUE] == []


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=TOP, capture_output=True, text=True, check=True).stdout
    return [TOP / name for name in listed.split("\0") if name]


FORBIDDEN = (r"/work/", r"pypi\.org", r"registry\.npmjs", r"deb\.debian\.org", r"files\.pythonhosted")


def test_no_file_names_a_machine_or_a_registry() -> None:
    here = Path(__file__)
    found = []
    for path in tracked():
        if path == here or not path.is_file():
            continue
        text = path.read_bytes().decode(errors="replace")
        found += [f"{path.relative_to(TOP)}: {pattern}" for pattern in FORBIDDEN if re.search(pattern, text)]
    assert found == []


def test_every_ignored_rule_says_why() -> None:
    bare = []
    for path in sorted(SOURCE.rglob("*.py")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if re.search(r"#\s*type:\s*ignore(?!\[)", line) or re.search(r"#\s*noqa(?!: )", line):
                bare.append(f"{path.relative_to(TOP)}:{number}")
    assert bare == []
