"""`{% load profit %}`: the lines of a P&L."""

from django import template

from profit.views.statement import rows

register = template.Library()
register.simple_tag(rows, name="statement_rows")
