"""Finds, in the source of the four packages, every sentence that a user may read.

The code gives templates to error classes, to ``Terminal.say`` and to ``translate``. They are
found without running anything: names are followed to what was assigned to them, and functions
that pass a parameter on to an error count as errors themselves.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PACKAGES = ("connectors", "checks", "reports", "auditor")

#: Callee to the parameters that hold templates, by position and by keyword.
Callees = dict[str, tuple[set[int], set[str]]]

_ERRORS: Callees = {
    name: ({0}, {"what", "next_step"})
    for name in (
        "AuditorError",
        "ConfigurationError",
        "InputError",
        "QuestionError",
        "OutputError",
        "SourceUnreachableError",
        "PermissionDeniedError",
    )
}
_SPOKEN: Callees = {name: ({0}, set()) for name in ("say", "tell", "translate")}


@dataclass
class Module:
    """One source file, with what is assigned and returned in it."""

    tree: ast.Module
    assigned: dict[str, list[ast.expr]] = field(default_factory=dict)
    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef):
                self.functions[node.name] = node
            elif isinstance(node, ast.Assign):
                for target in node.targets:
                    self._assign(target, node.value)
            elif isinstance(node, ast.AnnAssign) and node.value is not None:
                self._assign(node.target, node.value)
            elif isinstance(node, ast.comprehension | ast.For):
                self._assign(node.target, node.iter)

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        for name in ast.walk(target):
            if isinstance(name, ast.Name):
                self.assigned.setdefault(name.id, []).append(value)


def templates() -> dict[str, str]:
    """Return every template found, with one file in which it stands."""
    modules = {path: Module(ast.parse(path.read_text("utf-8"))) for path in _sources()}
    callees = dict(_ERRORS)
    while found := dict(_wrappers(modules, callees)):
        callees |= found
    callees |= _SPOKEN
    return {
        text: path.relative_to(ROOT).as_posix()
        for path, module in modules.items()
        for call in ast.walk(module.tree)
        if isinstance(call, ast.Call)
        for argument in _template_arguments(call, callees)
        for text in texts(argument, module)
        if _is_a_sentence(text, direct=isinstance(argument, ast.Constant | ast.IfExp))
    }


def _is_a_sentence(text: str, *, direct: bool) -> bool:
    """Return whether a text holds words of ours: not only facts, codes and names of columns."""
    words = re.sub(r"{[^}]*}", "", text)
    return (direct or " " in text) and " | " not in text and bool(re.search(r"[a-zA-Z]{2}", words))


def all_templates() -> dict[str, str]:
    """Return the templates of the source and those that stand in data: help, stages, levels."""
    from auditor.cli import help_texts
    from auditor.doctor import LEVELS
    from auditor.progress import STAGES

    told = dict.fromkeys(help_texts(), "auditor/cli.py")
    told |= dict.fromkeys(STAGES.values(), "auditor/progress.py")
    told |= {
        text: "auditor/doctor.py" for level in LEVELS for text in (level.meaning, level.advice)
    }
    return templates() | told


def _sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def _wrappers(modules: dict[Path, Module], callees: Callees) -> Iterator[tuple[str, Any]]:
    """Yield the functions that pass parameters on to a known callee, not known yet."""
    for module in modules.values():
        for function in module.functions.values():
            if function.name in callees or function.name.startswith("__"):
                continue
            parameters = [a.arg for a in (*function.args.posonlyargs, *function.args.args)]
            bound = 1 if parameters[:1] == ["self"] else 0
            passed = {
                argument.id
                for call in ast.walk(function)
                if isinstance(call, ast.Call)
                for argument in _template_arguments(call, callees)
                if isinstance(argument, ast.Name)
            }
            known = {a.arg for a in function.args.kwonlyargs} | set(parameters)
            if passed & known:
                positions = {parameters.index(p) - bound for p in passed if p in parameters}
                yield function.name, (positions, passed & known)


def _template_arguments(call: ast.Call, callees: Callees) -> Iterator[ast.expr]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    positions, keywords = callees.get(name, (set(), set()))
    yield from (call.args[p] for p in sorted(positions) if p < len(call.args))
    yield from (k.value for k in call.keywords if k.arg in keywords)


def texts(node: ast.AST, module: Module, seen: frozenset[str] = frozenset()) -> set[str]:
    """Return the texts that an expression may yield, as far as they stand in the module."""
    if isinstance(node, ast.Constant):
        return {node.value} if isinstance(node.value, str) else set()
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = texts(node.left, module, seen), texts(node.right, module, seen)
        return {a + b for a in left for b in right} or left | right
    if isinstance(node, ast.Name):
        if node.id in seen:
            return set()
        values = module.assigned.get(node.id, [])
        return _union(values, module, seen | {node.id})
    if isinstance(node, ast.Call):
        function = module.functions.get(getattr(node.func, "id", ""))
        if function is not None and function.name not in seen:
            returned = [
                n.value for n in ast.walk(function) if isinstance(n, ast.Return) and n.value
            ]
            return _union(returned, module, seen | {function.name})
        base = [node.func.value] if isinstance(node.func, ast.Attribute) else []
        return _union([*base, *node.args], module, seen)
    if isinstance(node, ast.IfExp):
        return _union([node.body, node.orelse], module, seen)
    if isinstance(node, ast.Dict):
        return _union([n for n in (*node.keys, *node.values) if n], module, seen)
    if isinstance(node, ast.Tuple | ast.List):
        return _union(node.elts, module, seen)
    if isinstance(node, ast.Subscript | ast.Attribute):
        return texts(node.value, module, seen)
    if isinstance(node, ast.GeneratorExp):
        return texts(node.elt, module, seen)
    return set()


def _union(nodes: list[ast.expr], module: Module, seen: frozenset[str]) -> set[str]:
    return set().union(*(texts(node, module, seen) for node in nodes)) if nodes else set()
