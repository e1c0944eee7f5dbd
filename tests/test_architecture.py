"""The house as docs/architecture.md draws it: what may import what, and how large a module may be."""

import ast
import builtins
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = [path for folder in ("app", "indexes", "pipeline") for path in sorted((ROOT / folder).rglob("*.py"))]
FORBIDDEN = {
    "app": {"pipeline", "dask", "distributed", "click"},
    "pipeline": {"app", "flask", "flask_restful", "werkzeug", "gunicorn"},
    "indexes": {"app", "pipeline", "flask", "flask_restful", "werkzeug", "dask", "distributed", "click"},
}
UNSAFE = {"pickle", "joblib", "dill", "cloudpickle", "shelve", "marshal", "eval", "exec"}  # a file must not run code
SLOW = {"torch", "torchvision", "open_clip", "timm", "cv2"}  # seconds to import: only where a model is used
CAUGHT = {
    "NoRecord",
    "PictureError",
    "PrivateAddressError",
}  # errors that another module catches: none is shown


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_keeps_to_the_house_rules(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    everything = set(names(tree))
    assert not everything & FORBIDDEN[path.relative_to(ROOT).parts[0]]
    assert not everything & UNSAFE
    if path.parent.name != "training" or path.name == "command.py":  # what trains is imported when training starts
        assert not set(names(tree, at_import=True)) & SLOW
    lines = len(source.splitlines())
    assert lines <= 300


def test_every_error_is_one_that_the_command_line_says_or_that_is_caught() -> None:
    commands = [path for path in MODULES if path.relative_to(ROOT).parts[0] != "app"]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in commands]
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    bases = {node.name: [getattr(builtins, ast.unparse(base), None) for base in node.bases] for node in classes}
    errors = {name for name, of in bases.items() if any(isinstance(b, type) and issubclass(b, Exception) for b in of)}
    assert {name for name in errors if not name.startswith("_")} == {"VitrineError"} | CAUGHT


def names(node: ast.AST, at_import: bool = False) -> Iterator[str]:
    """Top-level packages imported and functions called by name below `node`; `at_import` leaves out what runs later."""
    for child in ast.iter_child_nodes(node):
        if at_import and isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if at_import and isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        if isinstance(child, ast.Import):
            yield from (alias.name.split(".")[0] for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, "imports name their package in full"
            yield (child.module or "").split(".")[0]
        elif isinstance(child, ast.Call) and isinstance(child.func, ast.Name):
            yield child.func.id
        yield from names(child, at_import)
