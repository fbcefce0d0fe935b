"""Markdown as plain text, for mails: what was written, without signs, and no more than fits."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterable

    from markdown_it.token import Token

LONGEST = 2000
"""Characters of a message that a mail quotes; the rest is read at the desk."""


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("strikethrough")


def plain(markdown: str) -> str:
    """The words of a message: paragraphs apart, lists with dashes or numbers, links spelled out."""
    blocks: list[str] = []
    lists: list[int | None] = []
    mark = ""
    for token in _parser().parse(markdown.replace("\x00", "")):
        match token.type:
            case "bullet_list_open":
                lists.append(None)
            case "ordered_list_open":
                lists.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
            case "list_item_open":
                number = lists[-1]
                mark = "  " * (len(lists) - 1) + ("- " if number is None else f"{number}. ")
                if number is not None:
                    lists[-1] = number + 1
            case "inline":
                blocks.append(mark + _inline(token.children or ()))
                mark = ""
            case "fence" | "code_block":
                blocks.append(mark + token.content.rstrip("\n"))
                mark = ""
    return shortened(_joined(blocks))


def shortened(text: str) -> str:
    """At most 2,000 characters, cut between words."""
    if len(text) <= LONGEST:
        return text
    return text[:LONGEST].rsplit(" ", 1)[0].rstrip() + " …"


def _inline(tokens: Iterable[Token]) -> str:
    said: list[str] = []
    links: list[tuple[str, int]] = []
    for token in tokens:
        match token.type:
            case "text" | "code_inline":
                said.append(token.content)
            case "softbreak" | "hardbreak":
                said.append("\n")
            case "image":
                said.append(token.content)
            case "link_open":
                links.append((str(token.attrGet("href") or ""), len(said)))
            case "link_close":
                href, since = links.pop()
                if "".join(said[since:]) != href:
                    said.append(f" ({href})")
    return "".join(said)


def _joined(blocks: list[str]) -> str:
    """Paragraphs with a line between them; the items of a list without."""
    text = ""
    for block in blocks:
        item = block.lstrip().startswith("- ") or block.lstrip().split(". ", 1)[0].isdigit()
        text += ("\n" if item and text else "\n\n" if text else "") + block
    return text
