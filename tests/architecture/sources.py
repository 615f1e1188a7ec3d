"""The product's own files, as the rules about them read them."""

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PACKAGE = ROOT / "pipeline"


def modules(*folders: str) -> list[Path]:
    """Every Python module under these folders of the package; of all of it when none is named."""
    under = [PACKAGE / folder for folder in folders] or [PACKAGE]
    return sorted(path for folder in under for path in folder.rglob("*.py"))


def templates() -> list[Path]:
    return sorted((PACKAGE / "templates").rglob("*.html"))


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imports(path: Path) -> set[str]:
    """The dotted names that a module imports, those for type checking included."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found
