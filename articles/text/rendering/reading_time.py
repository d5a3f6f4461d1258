"""The reading time of a text."""

import math
import re

WORDS_A_MINUTE = 230
CHINESE_A_MINUTE = 255
JAPANESE_A_MINUTE = 357
HAN = re.compile(r"[\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
KANA = re.compile(r"[\u3041-\u3096\u309d-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9d]")
BESIDE_THEM = re.compile(r"[\u2ff0-\u2fff\u3000-\u303f\u30fb\uff00-\uff65]")  # their punctuation, and wide spaces
UNPARTED = re.compile(
    r"[\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\ua9e0-\ua9ff\uaa60-\uaa7f]"
)


def minutes_to_read(text: str) -> int:
    """
    Return the reading time in minutes, at least 1; 0 if it is unknown.

    Readers read 230 words a minute. Chinese is counted in characters, 255 a minute, and Japanese in kanji and kana,
    357 a minute, as read aloud (Trauzettel-Klosinski and Dietz, IReST, Invest Ophthalmol Vis Sci 2012;53:5452-61).
    The time is unknown for texts mainly in Thai, Lao, Khmer, Burmese or Tibetan. These have no spaces between words,
    and there is no figure for their characters.
    """
    han, kana = len(HAN.findall(text)), len(KANA.findall(text))
    rest = BESIDE_THEM.sub(" ", KANA.sub(" ", HAN.sub(" ", text)))
    words = len(rest.split())
    if len(UNPARTED.findall(rest)) > words + han + kana:
        return 0
    a_minute = JAPANESE_A_MINUTE if kana * 10 > han else CHINESE_A_MINUTE
    return max(1, math.ceil(words / WORDS_A_MINUTE + (han + kana) / a_minute))
