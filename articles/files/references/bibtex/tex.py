"""Decode TeX in the fields of BibTeX. Names and titles are parted first: braces keep together what belongs together."""

import re
import unicodedata

_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "d": "\u0323", "b": "\u0331", "r": "\u030a",
    "k": "\u0328",
}  # fmt: skip
_SIGNS = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "aa": "å",
    "AA": "Å", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ",
    "textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^", "textbraceleft": "{", "textbraceright": "}",
    "textendash": "–", "textemdash": "—", "textquoteright": "’", "textquoteleft": "‘", "textquotedblleft": "“",
    "textquotedblright": "”", "textless": "<", "textgreater": ">", "textbar": "|", "textunderscore": "_",
    "textregistered": "®", "texttrademark": "™", "textdegree": "°", "degree": "°", "textmu": "µ", "copyright": "©",
    "dots": "…", "ldots": "…", "times": "×", "pm": "±", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "sim": "∼",
    "approx": "≈", "mu": "μ", "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "Delta": "Δ", "epsilon": "ε",
    "zeta": "ζ", "eta": "η", "theta": "θ", "kappa": "κ", "lambda": "λ", "nu": "ν", "pi": "π", "rho": "ρ",
    "sigma": "σ", "tau": "τ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Omega": "Ω", "infty": "∞",
    "rightarrow": "→", "to": "→", "cdot": "·", "circ": "°", "S": "§", "P": "¶", "quad": " ", "Gamma": "Γ", "Theta": "Θ",
    "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Upsilon": "Υ", "iota": "ι", "xi": "ξ",
    "upsilon": "υ", "varepsilon": "ε", "varphi": "φ", "vartheta": "ϑ", "textquotesingle": "'", "neq": "≠",
    "texttimes": "×", "textpm": "±", "textalpha": "α", "textbeta": "β", "textgamma": "γ", "textperiodcentered": "·",
    "textonehalf": "½", "textellipsis": "…", "textbullet": "•", "textsection": "§", "textminus": "−",
    "partial": "∂", "div": "÷", "prime": "′", "hyphen": "-", "TeX": "TeX", "LaTeX": "LaTeX", "BibTeX": "BibTeX",
    "slash": "/", "nobreakdash": "", "textnumero": "№", "guillemotleft": "«", "guillemotright": "»",
}  # fmt: skip
_TAGS = {
    "emph": "i", "textit": "i", "mathit": "i", "textsl": "i", "textsuperscript": "sup", "textsubscript": "sub",
    "textsubscr": "sub", "mkbibemph": "i", "mkbibsuperscript": "sup", "mkbibsubscript": "sub",
    "sp": "sup", "sb": "sub",
}  # fmt: skip
_PLAIN = {
    "textrm",
    "textbf",
    "textsc",
    "text",
    "mathrm",
    "mathbf",
    "textup",
    "textnormal",
    "url",
    "href",
    "mbox",
}
_QUOTED = {"enquote", "mkbibquote", "textquote"}
_SWITCHES = {"it": "i", "em": "i", "itshape": "i", "sl": "i"}
_TOKEN = re.compile(r"\\([A-Za-z]+)\*?[ \t]*|\\(.)|(---|--|``|''|[{}$~^_])|([^\\{}$~^_`'-]+|.)", re.DOTALL)
MOST_DEPTH = 60


class Decoder:
    """Decodes one text. A stack holds what is to be closed at each brace; nothing recurses, however deep the braces."""

    def __init__(self, text: str) -> None:
        self.out: list[str] = []
        self.closing: list[str] = []
        self.accent = ""  # waits for its letter
        self.tag = ""  # waits for its group or letter
        self.is_quoting = False  # the next group stands in quotation marks
        self.in_math = False
        for found in _TOKEN.finditer(text):
            command, sign, mark, words = found.groups()
            if command is not None:
                self._command(command, found[0])
            elif sign is not None:
                self._sign(sign)
            elif mark is not None:
                self._mark(mark)
            else:
                self._words(words)

    @property
    def text(self) -> str:
        return unicodedata.normalize("NFC", "".join(self.out) + "".join(reversed(self.closing)))

    def _command(self, name: str, typed: str) -> None:
        if name in _ACCENTS and not (name in "ub" and self.in_math):
            self.accent = _ACCENTS[name]
        elif name in _TAGS:
            self.tag = _TAGS[name]
        elif name in _QUOTED:
            self.is_quoting = True
        elif name in _SWITCHES:
            self.closing = self.closing or [""]  # outside any group it holds to the end
            self.out.append(f"<{_SWITCHES[name]}>")
            self.closing[-1] = f"</{_SWITCHES[name]}>{self.closing[-1]}"
        elif name in _SIGNS:
            self._words({"i": "i", "j": "j"}.get(name, "") if self.accent else _SIGNS[name])
        elif name not in _PLAIN and name not in ("bf", "rm", "sc", "tt", "sf", "protect", "noopsort"):
            self.out.append(f" {typed.rstrip()} ")  # an unknown command stays as it is, and is refused as a mark

    def _sign(self, sign: str) -> None:
        if sign in _ACCENTS and not sign.isalpha():
            self.accent = _ACCENTS[sign]
        elif sign in "-/(),;:!@":
            self.out.append({",": "\u202f", "-": ""}.get(sign, "" if sign in "/():;!@" else sign))
        else:
            self.out.append(sign if sign != "\n" else " ")

    def _mark(self, mark: str) -> None:
        if mark == "{":
            self._open()
        elif mark == "}":
            if self.closing:
                self.out.append(self.closing.pop())
        elif mark == "$":
            self.in_math = not self.in_math
        elif mark in "^_" and self.in_math:
            self.tag = "sup" if mark == "^" else "sub"
        else:
            said = {"--": "–", "---": "—", "``": "“", "''": "”", "~": " "}
            self._words(said.get(mark, mark))

    def _open(self) -> None:
        tag, self.tag = self.tag, ""
        is_quoting, self.is_quoting = self.is_quoting, False
        if is_quoting:
            opening, closing = "‘’" if "”" in self.closing else "“”"
            self.out.append(opening)
            self.closing.append(closing)
        elif tag and len(self.closing) < MOST_DEPTH:
            self.out.append(f"<{tag}>")
            self.closing.append(f"</{tag}>")
        else:
            self.closing.append("")

    def _words(self, words: str) -> None:
        if self.accent and (words := words.lstrip()):
            words, self.accent = unicodedata.normalize("NFC", words[0] + self.accent) + words[1:], ""
        if self.tag and words.strip():
            words, self.tag = f"<{self.tag}>{words[0]}</{self.tag}>{words[1:]}", ""
        self.out.append(words)


def decoded(text: str) -> str:
    """Return the text without TeX: letters with their accents, <i>, <sub> and <sup>, on one line."""
    if not re.search(r"[\\{}$~^_`'\n-]", text):
        return text
    return re.sub("[ \t\n]+", " ", Decoder(text).text).strip(" ")


def parted(text: str, by: re.Pattern[str]) -> list[str]:
    """Return the parts of a text between the matches of a pattern that stand in no brace."""
    parts, depth, start, at = [], 0, 0, 0
    inside = re.compile(rf"\\.|[{{}}]|{by.pattern}", by.flags | re.DOTALL)
    for found in inside.finditer(text):
        sign = found[0]
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth = max(0, depth - 1)
        elif not sign.startswith("\\") and depth == 0:
            parts.append(text[start : found.start()])
            start = found.end()
        at = found.end()
    return [*parts, text[start:]] if at or text else []
