"""The article of the Wagtail peer, as Wagtail's own tutorial writes one: laid into the app `home` of a new project."""

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import RichTextBlock, StructBlock, TextBlock
from wagtail.fields import StreamField
from wagtail.models import Page


class HomePage(Page):
    pass


class ArticlePage(Page):
    summary = models.TextField()
    body = StreamField([("section", StructBlock([("heading", TextBlock()), ("text", RichTextBlock())]))])

    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("body")]
