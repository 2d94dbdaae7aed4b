"""allauth's pages within ours: its layouts are Django's templates, what stands around is ours."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_block_tag(takes_context=True)
def title(context: Any, content: str) -> str:
    """Kept for the page around."""
    context.render_context["reprise_title"] = content.strip()
    return ""


@register.simple_block_tag(takes_context=True)
def within_ours(context: Any, content: str) -> SafeString:
    """A whole page, with this in its middle."""
    told = {"inner": content, "title": context.render_context.get("reprise_title", "")}
    return SafeString(render_to_string("allauth.html", told, context["request"], using="ours"))


@register.simple_tag(takes_context=True)
def ours(context: Any, part: str) -> SafeString:
    """A template of ours as a part of an allauth page."""
    return SafeString(render_to_string(part, {}, context["request"], using="ours"))
