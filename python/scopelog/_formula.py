"""Equations of channels: formulas over one number, in the language of plans (docs/format/plan.md), computed over arrays.

The text is parsed here; nothing of it is ever run as Python. It is the language that package formula of the Go module compiles, with the same
functions, constants and errors; the last digits of a function's result may be others, as NumPy computes it.
"""

from __future__ import annotations

import functools
import re
from typing import Any, Callable, NamedTuple, Optional

import numpy as np

from ._errors import EquationError

_LONGEST = 4096  # bytes of a text
_DIGITS = 400  # of a number
_BLOCK = 1 << 15  # numbers that are computed at a time: what is needed in between stays in the cache

NUMBER, TRUTH = "a number", "true or false"


def _signum(a: Any) -> Any:
    return np.where(a > 0, 1.0, np.where(a < 0, -1.0, a))  # 0 and NaN stay as they are


def _pow(a: Any, b: Any) -> Any:
    return np.where(b == 2, a * a, np.power(a, b)) if np.ndim(b) else a * a if b == 2 else np.power(a, b)


def _largest(a: Any, b: Any) -> Any:
    most = np.where((a == 0) & (b == 0), a + b, np.maximum(a, b))  # 0 is above -0
    return np.where((a == np.inf) | (b == np.inf), np.inf, most)  # above NaN, too


def _smallest(a: Any, b: Any) -> Any:
    return -_largest(-a, -b)


ONE: dict[str, Callable[..., Any]] = {
    "abs": np.abs, "acos": np.arccos, "asin": np.arcsin, "atan": np.arctan, "ceil": np.ceil, "cos": np.cos, "cosh": np.cosh, "exp": np.exp, "floor": np.floor,
    "ln": np.log, "log10": np.log10, "signum": _signum, "sin": np.sin, "sinh": np.sinh, "sqrt": np.sqrt, "tan": np.tan, "tanh": np.tanh,
}  # fmt: skip
TWO: dict[str, Callable[..., Any]] = {"atan2": np.arctan2, "pow": _pow}
MANY: dict[str, Callable[..., Any]] = {"max": _largest, "min": _smallest}

_OTHER_NAMES = {
    "log": "ln or log10", "lg": "log10", "sign": "signum", "power": "pow", "arctan": "atan", "arcsin": "asin", "arccos": "acos", "fabs": "abs",
    "sqr": "pow(..., 2)", "log2": "ln(...) / ln(2)", "arctan2": "atan2", "round": "floor(... + 0.5)",
}  # fmt: skip


class _Operator(NamedTuple):
    level: int  # those of a higher one bind closer
    takes: str
    gives: str
    compute: Callable[..., Any]


_BINARY = {
    "||": _Operator(1, TRUTH, TRUTH, np.logical_or), "&&": _Operator(2, TRUTH, TRUTH, np.logical_and),
    "==": _Operator(3, NUMBER, TRUTH, np.equal), "!=": _Operator(3, NUMBER, TRUTH, np.not_equal),
    ">": _Operator(4, NUMBER, TRUTH, np.greater), ">=": _Operator(4, NUMBER, TRUTH, np.greater_equal),
    "<": _Operator(4, NUMBER, TRUTH, np.less), "<=": _Operator(4, NUMBER, TRUTH, np.less_equal),
    "+": _Operator(5, NUMBER, NUMBER, np.add), "-": _Operator(5, NUMBER, NUMBER, np.subtract),
    "*": _Operator(6, NUMBER, NUMBER, np.multiply), "/": _Operator(6, NUMBER, NUMBER, np.divide), "%": _Operator(6, NUMBER, NUMBER, np.fmod),
}  # fmt: skip
_UNARY = {"-": _Operator(7, NUMBER, NUMBER, np.negative), "!": _Operator(7, TRUTH, TRUTH, np.logical_not)}

_TOKEN = re.compile(
    r"(?P<blank>[ \t\r\n]+|(?:#|//)[^\n]*|/\*.*?\*/)|(?P<number>[0-9](?:[0-9.]|[eE][+-]?[0-9])*(?<!\.))"
    r"|(?P<name>[^\W\d][\w-]*)|(?P<sign>\|\||&&|[=!<>]=|\.\.\.|[-+*/%<>!?:(),.\[\]{}\"])",
    re.DOTALL,
)


class Formula:
    """A formula over one variable that has been read. It does not change, and may be used from several threads."""

    def __init__(self, text: str, variable: str = "v", meaning: str = "the volts at the tip") -> None:
        """The error is an EquationError: text that cannot be read, names and functions that are not known, a result that is no number."""
        self.text = text
        try:
            self._steps = _Parser(text, variable, meaning).parse()
        except ValueError as e:
            raise EquationError(f"equation {text!r}: {e}") from None

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """Computes it for each element of an array of float64, into a new one. What has no finite result is NaN."""
        out = np.empty(len(x))
        with np.errstate(all="ignore"):
            for at in range(0, len(x), _BLOCK):
                out[at : at + _BLOCK] = self._block(x[at : at + _BLOCK])
        out[np.isinf(out)] = np.nan
        return out

    def _block(self, x: np.ndarray) -> Any:
        stack: list[Any] = []
        for compute, operands in self._steps:
            if operands < 0:
                stack.append(x)
            elif operands == 0:
                stack.append(compute)
            else:
                got = compute(*stack[-operands:])
                stack[-operands:] = [got]
        return stack[0]


@functools.lru_cache(maxsize=256)
def compiled(text: str) -> Formula:
    """The equation of a channel, over v, the volts at the tip."""
    return Formula(text)


class _Open(NamedTuple):
    """What waits on the parser's stack: a bracket, a function's arguments, a condition, or an operator for its last operand."""

    sign: str  # "(", "call", "?", ":", or of an operator
    operator: Optional[_Operator] = None
    name: str = ""  # of a function
    base: int = 0  # operands that were there before


class _Parser:
    """Reads operands and operators one after the other, without recursion: texts may be nested as deep as they are long."""

    def __init__(self, text: str, variable: str, meaning: str) -> None:
        self.text = text
        self.variable = variable
        self.meaning = meaning
        self.steps: list[tuple[Any, int]] = []  # what to compute, in order: a constant and 0, a function and its operands, None and -1 for the variable
        self.kinds: list[str] = []  # of the results that wait
        self.open: list[_Open] = []

    def parse(self) -> list[tuple[Any, int]]:
        if len(self.text.encode()) > _LONGEST:
            raise ValueError(f"it is longer than {_LONGEST} characters")
        tokens = [*_tokens(self.text), ("end", "")]
        at, operand = 0, True  # whether an operand must follow
        while tokens[at][0] != "end":
            kind, token = tokens[at]
            follows = tokens[at + 1][1]
            at += 1
            if not operand:
                operand = self._behind(token)
            elif kind == "name" and follows == "(":
                self.open.append(_Open("call", name=_function(token), base=len(self.kinds)))
                at += 1
                operand = tokens[at][1] != ")"
                if not operand:
                    self._close()
                    at += 1
            else:
                operand = self._operand(kind, token)
            if operand and token == "," and tokens[at][1] == ")":  # HCL allows a comma behind the last argument
                operand = self._behind(")")
                at += 1
        if operand:
            raise ValueError("it cannot be read: it ends where a number, a name or a bracket must follow")
        self._reduce(0)
        if self.open:
            raise ValueError(f"it cannot be read: {'? without its :' if self.open[-1].sign == '?' else 'a bracket is not closed'}")
        if self.kinds[0] != NUMBER:
            raise ValueError(f"its result is not a number but true or false; write a choice, such as {self.variable} > 0 ? 1 : 0")
        return self.steps

    def _operand(self, kind: str, token: str) -> bool:
        """Takes what may stand where an operand must; tells whether one must still follow."""
        if token in _UNARY:
            self.open.append(_Open(token, _UNARY[token]))
            return True
        if token == "(":
            self.open.append(_Open("("))
            return True
        if kind == "number":
            self._push(NUMBER, np.float64(_number(token)), 0)
        elif kind == "name":
            self._name(token)
        elif token in ('"', "[", "{"):
            raise ValueError("texts cannot be used in it; names stand without quotes" if token == '"' else "lists and objects cannot be used in it")
        else:
            raise ValueError(f"it cannot be read: {token} stands where a number, a name or a bracket must")
        return False

    def _name(self, name: str) -> None:
        if name == self.variable:
            self._push(NUMBER, None, -1)
        elif name == "pi":
            self._push(NUMBER, np.float64(np.pi), 0)
        elif name in ("true", "false"):
            self._push(TRUTH, np.bool_(name == "true"), 0)
        elif name == "null":
            raise ValueError("null is not a number")
        elif name == "e":
            raise ValueError("there is nothing called e; write exp(1)")
        else:
            raise ValueError(f"there is nothing called {name}; it knows {self.variable}, {self.meaning}, and pi")

    def _behind(self, token: str) -> bool:
        """Takes what may stand behind an operand; tells whether one must follow."""
        if token in _BINARY:
            self._reduce(_BINARY[token].level)
            self.open.append(_Open(token, _BINARY[token]))
        elif token == "?":
            self._reduce(1)
            self.open.append(_Open("?"))
        elif token == ":" and self._within("?"):
            self.open[-1] = _Open(":")
        elif token == "," and self._within("call"):
            pass
        elif token == ")" and self._within("call", "("):
            self._close()
            return False
        else:
            raise ValueError("it cannot be read: ... cannot be used in it" if token == "..." else f"it cannot be read: {token} cannot stand behind a number or a name")
        return True

    def _within(self, *signs: str) -> bool:
        """Computes back to the last bracket or condition that is open, and tells whether it is one of signs."""
        self._reduce(0)
        return bool(self.open) and self.open[-1].sign in signs

    def _reduce(self, level: int) -> None:
        """Computes what waits and binds at least so close. The choice, of level 0, binds least."""
        while self.open:
            last = self.open[-1]
            if last.operator is not None and last.operator.level >= level:
                self.open.pop()
                self._compute(last.sign, last.operator)
            elif last.sign == ":" and level == 0:
                self.open.pop()
                self._choice()
            else:
                return

    def _compute(self, sign: str, operator: _Operator) -> None:
        operands = 1 if operator.level == 7 else 2
        if any(k != operator.takes for k in self.kinds[-operands:]):
            raise ValueError(f"what stands behind {sign} must be {operator.takes}" if operands == 1 else f"each side of {sign} must be {operator.takes}")
        self._push(operator.gives, operator.compute, operands)

    def _choice(self) -> None:
        when, yes, no = self.kinds[-3:]
        if when != TRUTH:
            raise ValueError("what stands before ? must be true or false, such as v > 0")
        if yes != no:
            raise ValueError("both sides of : must be numbers, or both true or false")
        self._push(yes, np.where, 3)

    def _close(self) -> None:
        """Computes the function whose arguments are complete, if it is one's bracket that closes."""
        last = self.open.pop()
        if last.sign != "call":
            return
        name, has = last.name, len(self.kinds) - last.base
        if any(k != NUMBER for k in self.kinds[last.base :]):
            raise ValueError(f"the function {name} takes numbers, not true or false")
        for table, fits, wants in ((ONE, has == 1, "one number"), (TWO, has == 2, "two numbers"), (MANY, has >= 1, "one number or more")):
            if name in table and not fits:
                raise ValueError(f"the function {name} takes {wants} and has {has}")
        if name in MANY:
            compute = MANY[name]
            self._push(NUMBER, functools.partial(_from_left, compute), has)
        else:
            self._push(NUMBER, {**ONE, **TWO}[name], has)

    def _push(self, kind: str, compute: Any, operands: int) -> None:
        if operands > 0:
            del self.kinds[-operands:]
        self.kinds.append(kind)
        self.steps.append((compute, operands))


def _from_left(compute: Callable[..., Any], *operands: Any) -> Any:
    return functools.reduce(compute, operands)


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while at < len(text):
        m = _TOKEN.match(text, at)
        if m is None:
            raise ValueError(f"it cannot be read: {text[at]!r} means nothing in it")
        if m.lastgroup != "blank":
            found.append((str(m.lastgroup), m.group()))
        at = m.end()
    return found


def _number(token: str) -> float:
    exponent = re.split("[eE]", token)[1:]
    if len(token) > _DIGITS or exponent and len(exponent[0].lstrip("+-")) > 3:
        raise ValueError(f"the number {token[:20]}... is too long")
    try:
        x = float(token)
    except ValueError:
        raise ValueError(f"it cannot be read: {token} is no number") from None
    if x == float("inf"):
        raise ValueError("it holds a number beyond 1e308")
    return x


def _function(name: str) -> str:
    names = sorted([*ONE, *TWO, *MANY])
    if name in names:
        return name
    other = _OTHER_NAMES.get(name.lower()) or next((n for n in names if n == name.lower()), "")
    raise ValueError(f"there is no function {name}; " + (f"write {other}" if other else f"the functions are {' '.join(names)}"))
