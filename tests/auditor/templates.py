"""Finds, in the source of the four packages, every sentence that a user may read.

The code gives templates to error classes, to ``Terminal.say`` and to ``translate``. They are
found without running anything: names are followed to what was assigned to them, attributes to
properties of that name, and functions that pass a parameter on to an error count as errors
themselves. What cannot be followed so far is listed by ``unfollowed``, so that nothing hides.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
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
        "MappingError",
        "InputError",
        "QuestionError",
        "OutputError",
        "SourceUnreachableError",
        "PermissionDeniedError",
        "RefusedValueError",
        "AlertNotSentError",
    )
}
#: Expressions that yield templates and nothing else, so that even one word is a sentence.
_DIRECT = (ast.Constant, ast.IfExp, ast.Subscript)
_SPOKEN: Callees = {name: ({0}, set()) for name in ("say", "tell", "translate")}


@dataclass
class Module:
    """One source file, with what is assigned and returned in it."""

    tree: ast.Module
    assigned: dict[str, list[ast.expr]] = field(default_factory=dict)
    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)
    calls: list[ast.Call] = field(default_factory=list)
    calls_in: dict[str, list[ast.Call]] = field(default_factory=dict)
    properties: dict[str, set[str]] = field(default_factory=dict)
    imported: dict[str, Module] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef):
                self.functions[node.name] = node
                self.calls_in[node.name] = [n for n in ast.walk(node) if isinstance(n, ast.Call)]
            elif isinstance(node, ast.Call):
                self.calls.append(node)
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
    return {
        text: path.relative_to(ROOT).as_posix()
        for path, module, argument in _arguments()
        for text in texts(argument, module)
        if _is_a_sentence(text, direct=isinstance(argument, _DIRECT))
    }


def unfollowed() -> set[str]:
    """Return, as ``file: expression``, what is given as a template and leads to no text."""
    return {
        f"{path.relative_to(ROOT).as_posix()}: {ast.unparse(argument)}"
        for path, module, argument in _arguments()
        if not texts(argument, module) and not _is_handed_on(argument, module)
    }


def raised_in_models() -> set[str]:
    """Return, as ``file: exception``, what validators raise besides a refusal with a template.

    Pydantic catches these, and nobody could translate the sentence that they carry.
    """
    return {
        f"{path.relative_to(ROOT).as_posix()}: {name}"
        for path, module in _modules().items()
        if _defines_models(module)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)
        for name in [ast.unparse(node.exc.func)]
        if name in ("ValueError", "AssertionError", "PydanticCustomError")
    } | {
        f"{path.relative_to(ROOT).as_posix()}: assert"
        for path, module in _modules().items()
        if _defines_models(module)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Assert)
    }


def _defines_models(module: Module) -> bool:
    return any(
        isinstance(node, ast.ImportFrom) and node.module == "pydantic" for node in module.tree.body
    )


def _is_handed_on(argument: ast.expr, module: Module) -> bool:
    """Return whether an argument is a parameter, or empty: its texts are found at the callers."""
    if isinstance(argument, ast.Constant):
        return True
    return isinstance(argument, ast.Name) and any(
        argument.id in [a.arg for a in (*f.args.args, *f.args.kwonlyargs)]
        for f in module.functions.values()
        if argument in ast.walk(f)
    )


@cache
def _modules() -> dict[Path, Module]:
    modules = {path: Module(ast.parse(path.read_text("utf-8"))) for path in _sources()}
    properties: dict[str, set[str]] = {}
    for module in modules.values():
        module.imported = dict(_imports(module, modules))
        for function in ast.walk(module.tree):
            if isinstance(function, ast.FunctionDef) and _is_property(function):
                found = texts(ast.Call(ast.Name(function.name), [], []), module)
                properties.setdefault(function.name, set()).update(found)
    for module in modules.values():
        module.properties = properties
    return modules


def _imports(module: Module, modules: dict[Path, Module]) -> Iterator[tuple[str, Module]]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            source = modules.get(ROOT / f"{node.module.replace('.', '/')}.py")
            if source is not None:
                yield from ((alias.name, source) for alias in node.names)


def _is_property(function: ast.FunctionDef) -> bool:
    return any(isinstance(d, ast.Name) and d.id == "property" for d in function.decorator_list)


def _arguments() -> Iterator[tuple[Path, Module, ast.expr]]:
    """Yield every expression that is given as a template."""
    modules = _modules()
    callees = _ERRORS | _SPOKEN
    while found := dict(_wrappers(modules, callees)):
        callees |= found
    for path, module in modules.items():
        for call in module.calls:
            for argument in _template_arguments(call, callees):
                yield path, module, argument


def _is_a_sentence(text: str, *, direct: bool) -> bool:
    """Return whether a text holds words of ours: not only facts, codes and names of columns.

    High punctuation counts as words do: French sets it in another way.
    """
    words = re.sub(r"{[^}]*}", "", text)
    spoken = re.search(r"[a-zA-Z]{2}|[:;?!]" if direct else r"[a-zA-Z]{2}", words)
    return (direct or " " in text) and " | " not in text and bool(spoken)


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
                for call in module.calls_in[function.name]
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
        name = getattr(node.func, "id", "")
        home = module if name in module.functions else module.imported.get(name, module)
        function = home.functions.get(name)
        if function is not None and function.name not in seen:
            returned = [
                n.value for n in ast.walk(function) if isinstance(n, ast.Return) and n.value
            ]
            return _union(returned, home, seen | {function.name})
        base = [node.func.value] if isinstance(node.func, ast.Attribute) else []
        return _union([*base, *node.args], module, seen)
    if isinstance(node, ast.IfExp):
        return _union([node.body, node.orelse], module, seen)
    if isinstance(node, ast.Dict):
        return _union([n for n in (*node.keys, *node.values) if n], module, seen)
    if isinstance(node, ast.Tuple | ast.List):
        return _union(node.elts, module, seen)
    if isinstance(node, ast.Subscript) and (tables := _tables(node, module)):
        return _union([value for table in tables for value in table.values], module, seen)
    if isinstance(node, ast.Attribute) and node.attr in module.properties:
        return module.properties[node.attr]
    if isinstance(node, ast.Subscript | ast.Attribute):
        return texts(node.value, module, seen)
    if isinstance(node, ast.GeneratorExp):
        return texts(node.elt, module, seen)
    return set()


def _tables(node: ast.Subscript, module: Module) -> list[ast.Dict]:
    """Return the dictionaries that a subscript may look into."""
    name = node.value.id if isinstance(node.value, ast.Name) else ""
    return [value for value in module.assigned.get(name, []) if isinstance(value, ast.Dict)]


def _union(nodes: list[ast.expr], module: Module, seen: frozenset[str]) -> set[str]:
    return set().union(*(texts(node, module, seen) for node in nodes)) if nodes else set()
