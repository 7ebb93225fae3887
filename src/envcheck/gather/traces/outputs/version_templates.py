"""Code that prints versions → templates of its lines: ``print("numpy", np.__version__)`` → "numpy ⟨version⟩"."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterable, Iterator, Mapping, Sequence

from envcheck.gather.traces.outputs.printed_lines import Hole, Part, Role, Template, lines_of
from envcheck.model.traces import Subject

_VERSIONS = (("__version__",), ("version", "version"), ("version", "full_version"), ("version", "VERSION"))
"""Where modules keep their version as a text; numpy, scipy and tensorflow have the longer ones too."""
_METADATA = frozenset(("importlib.metadata.version", "importlib_metadata.version"))
_DISTRIBUTIONS = frozenset(("pkg_resources.get_distribution", "importlib.metadata.distribution"))


def templates(tree: ast.Module, aliases: Mapping[str, str], *, every: bool = False) -> Iterator[Template]:
    """Yield the templates of all lines with versions that a cell prints or shows, in the order of the code.

    A cell shows the value of its last expression, or of ``every`` one where IPython is set so.
    """
    reading = _Reading(aliases)
    for statement in tree.body if every else tree.body[-1:]:
        if isinstance(statement, ast.Expr):
            yield from reading.shown(statement.value)
    certain = {id(statement.value) for statement in _certain(tree.body) if isinstance(statement, ast.Expr)}
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        yield from reading.printed(call, always=id(call) in certain)
    yield from reading.lines_elsewhere(calls)


def _certain(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that run once each time the cell runs."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.With | ast.Try):
            yield from _certain(statement.body)


class _Reading:
    """The reading of one cell, with what its names mean."""

    def __init__(self, aliases: Mapping[str, str]) -> None:
        self._aliases = aliases

    def shown(self, value: ast.expr) -> Iterator[Template]:
        """Yield the template of an expression whose value the notebook shows."""
        if isinstance(value, ast.Call) and _called(value) == "display" and len(value.args) == 1:
            value = value.args[0]
        elif isinstance(value, ast.Call) and _called(value) == "print":
            return
        yield from lines_of(self._shown_parts(value), is_result=True)

    def printed(self, call: ast.Call, *, always: bool) -> Iterator[Template]:
        """Yield the templates of the lines of a call of print."""
        if _called(call) != "print":
            return
        options = {keyword.arg: keyword.value for keyword in call.keywords}
        separator = options.get("sep", ast.Constant(" "))
        known = isinstance(separator, ast.Constant) and isinstance(separator.value, str)
        if not known or not options.keys() <= {"sep", "flush", "file"}:
            return
        parts: list[Part] = []
        for number, argument in enumerate(call.args):
            parts += [str(separator.value)] if number and isinstance(separator, ast.Constant) else []
            parts += self.parts(argument)
        yield from lines_of(parts, always=always)

    def lines_elsewhere(self, calls: Iterable[ast.Call]) -> Iterator[Template]:
        """Yield templates of texts that are joined and printed: ``"".join(f"{m.__name__}=={m.__version__}" …)``."""
        for call in calls:
            match call:
                case ast.Call(
                    func=ast.Attribute(attr="join"), args=[ast.GeneratorExp(elt=line) | ast.ListComp(elt=line)]
                ):
                    yield from lines_of(self.parts(line), always=False)

    def parts(self, node: ast.expr) -> list[Part]:
        """Return what an expression prints."""
        found: list[Part] = [self._hole(node) or _ANYTHING]
        match node:
            case ast.Constant(value=str() as text):
                found = [text]
            case ast.Constant(value=int() | float() as number) if abs(number) < 10**9:
                found = [str(number)]
            case ast.JoinedStr(values=values):
                found = [part for value in values for part in self.parts(value)]
            case ast.FormattedValue(value=value, format_spec=None):
                found = self.parts(value)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                found = [*self.parts(left), *self.parts(right)]
            case ast.BinOp(left=ast.Constant(value=str() as text), op=ast.Mod(), right=right):
                found = self._percent(text, right)
            case ast.Call(func=ast.Name(id="str"), args=[value], keywords=[]):
                found = self.parts(value)
            case ast.Call(func=ast.Attribute(value=ast.Constant(value=str() as text), attr="format")):
                found = self._format(text, node)
        return found

    def _shown_parts(self, node: ast.expr) -> list[Part]:
        """Return what Python shows of a value: texts in quotes, tuples and lists in their brackets."""
        match node:
            case ast.Tuple(elts=elements) if len(elements) > 1:
                return ["(", *self._row(elements), ")"]
            case ast.List(elts=elements):
                return ["[", *self._row(elements), "]"]
            case ast.Constant(value=str()) | ast.JoinedStr() | ast.BinOp() | ast.Call() | ast.Attribute():
                return ["'", *self.parts(node), "'"]
        return [_ANYTHING]

    def _row(self, elements: Sequence[ast.expr]) -> Iterator[Part]:
        for number, element in enumerate(elements):
            yield from [", "] if number else []
            yield from self._shown_parts(element)

    def _percent(self, text: str, right: ast.expr) -> list[Part]:
        values = list(right.elts) if isinstance(right, ast.Tuple) else [right]
        pieces = text.split("%s")
        if "%" in "".join(pieces) or len(pieces) != len(values) + 1:
            return [_ANYTHING]
        found: list[Part] = [pieces[0]]
        for value, piece in zip(values, pieces[1:], strict=True):
            found += [*self.parts(value), piece]
        return found

    def _format(self, text: str, call: ast.Call) -> list[Part]:
        try:
            fields = list(string.Formatter().parse(text))
        except ValueError:
            return [_ANYTHING]
        given: dict[str, ast.expr] = {str(number): value for number, value in enumerate(call.args)}
        given |= {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
        found: list[Part] = []
        for number, (literal, field, spec, conversion) in enumerate(fields):
            found.append(literal)
            if field is not None:
                value = given.get(field or str(number))
                found += self.parts(value) if value is not None and not spec and not conversion else [_ANYTHING]
        return found

    def _hole(self, node: ast.expr) -> Hole | None:
        found: Hole | None = None
        match node:
            case ast.Name(id=name):
                found = self._named_hole(name)
            case ast.Attribute(value=ast.Call(args=[argument]) as call, attr="version"):
                found = _of_metadata(argument) if self._meaning(call.func) in _DISTRIBUTIONS else None
            case ast.Attribute():
                found = self._attribute_hole(_chain(node))
            case ast.Subscript(
                value=ast.Call(func=ast.Attribute(value=whole, attr="split")), slice=ast.Constant(value=0)
            ):
                found = _PYTHON if self._meaning(whole) == "sys.version" else None
            case ast.Call():
                found = self._called_hole(node)
        return found

    def _called_hole(self, call: ast.Call) -> Hole | None:
        called = self._meaning(call.func)
        if called == "platform.python_version":
            return _PYTHON
        return _of_metadata(call.args[0]) if called in _METADATA and len(call.args) == 1 else None

    def _meaning(self, node: ast.expr) -> str:
        """Return the dotted name that ``a.b.c`` means, empty when it is bound by no import."""
        names = _chain(node)
        meaning = self._aliases.get(names[0], "") if names else ""
        return ".".join((meaning, *names[1:])) if meaning else ""

    def _named_hole(self, name: str) -> Hole | None:
        owner, _, member = self._aliases.get(name, "").rpartition(".")
        if member == "__version__":  # from numpy import __version__
            return Hole(Role.VERSION, name=owner)
        return None if name in self._aliases else Hole(Role.NAME, variable=name)

    def _attribute_hole(self, names: tuple[str, ...]) -> Hole | None:
        if names[-1:] == ("__name__",):
            return Hole(Role.NAME, variable=".".join(names[:-1]))
        ending = next((ending for ending in _VERSIONS if names[-len(ending) :] == ending), ())
        owner = names[: -len(ending)] if ending else ()
        if not owner:
            return None
        meaning = self._aliases.get(owner[0])
        if meaning:
            return Hole(Role.VERSION, name=".".join((meaning, *owner[1:])))
        return Hole(Role.VERSION, variable=".".join(owner)) if ending == ("__version__",) else None


_ANYTHING = Hole(Role.ANYTHING)
_PYTHON = Hole(Role.VERSION, Subject.PYTHON, "python")


def _of_metadata(argument: ast.expr) -> Hole | None:
    """Return the hole of ``version("numpy")`` or ``version(name)``."""
    match argument:
        case ast.Constant(value=str() as name):
            return Hole(Role.VERSION, Subject.DISTRIBUTION, name)
        case ast.Name(id=variable):
            return Hole(Role.VERSION, Subject.DISTRIBUTION, variable=variable)
    return None


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _chain(node: ast.expr) -> tuple[str, ...]:
    """Return the names of ``a.b.c``; none of anything else."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return (*reversed([*names, node.id]),) if isinstance(node, ast.Name) else ()
