"""Addresses of figures: the sources, the tables that they printed, and what is counted."""

from django.urls import URLPattern, path, register_converter

from indicators.months import YearMonthConverter
from indicators.views import (
    contradictions,
    definitions,
    figures,
    indicators,
    month_form,
    months,
    reports,
    sources,
    tables,
    targets,
    windows,
    workbooks,
)

app_name = "indicators"

register_converter(YearMonthConverter, "month")

_CHECK = "figures/contradictions/<int:check_id>"
_IMPORT = "figures/workbooks/<int:import_id>"
_INDICATOR = "figures/indicators/<slug:code>"

urlpatterns: list[URLPattern] = [
    path("figures/", figures.figures, name="figures"),
    path("figures/contradictions/", contradictions.contradictions, name="contradictions"),
    path(f"{_CHECK}/", contradictions.check, name="check"),
    path(f"{_CHECK}/explain/", contradictions.check_explain, name="check_explain"),
    path(f"{_CHECK}/withdraw/", contradictions.check_withdraw, name="check_withdraw"),
    path("figures/indicators/", definitions.indicators, name="indicators"),
    path("figures/indicators/add/", definitions.indicator_add, name="indicator_add"),
    path(f"{_INDICATOR}/", definitions.indicator_keep, name="indicator_keep"),
    path(f"{_INDICATOR}/change/", definitions.indicator_change, name="indicator_change"),
    path(f"{_INDICATOR}/target/<int:year>/", targets.target_set, name="target_set"),
    path(f"{_INDICATOR}/target/<int:year>/end/", targets.target_end, name="target_end"),
    path(f"{_INDICATOR}/figures/<int:figure_id>/revise/", targets.figure_revise, name="figure_revise"),
    path("figures/sources/<int:source_id>/", sources.source, name="source"),
    path("figures/sources/<int:source_id>/download/", sources.source_download, name="source_download"),
    path("figures/report/", months.months, name="months"),
    path("figures/report/template/", workbooks.figure_template, name="figure_template"),
    path("figures/report/workbook/", workbooks.workbook_upload, name="workbook_upload"),
    path(f"{_IMPORT}/", workbooks.figure_import, name="figure_import"),
    path(f"{_IMPORT}/take/", workbooks.figure_import_take, name="figure_import_take"),
    path(f"{_IMPORT}/discard/", workbooks.figure_import_discard, name="figure_import_discard"),
    path("figures/report/<month:month>/", month_form.month_form, name="month"),
    path("figures/report/<month:month>/autosave/", month_form.month_autosave, name="month_autosave"),
    path("figures/reports/", reports.reports, name="reports"),
    path("figures/reports/of/<int:figure_id>/", reports.report_of_figure, name="report_of_figure"),
    path("figures/reports/<int:report_id>/", reports.report, name="report"),
    path("figures/reports/<int:report_id>/undo/", reports.report_undo, name="report_undo"),
    path("figures/reports/<int:report_id>/withdraw/", reports.report_withdraw, name="report_withdraw"),
    path("figures/reports/<int:report_id>/discard/", reports.report_discard, name="report_discard"),
    path("figures/reports/<int:report_id>/restore/", reports.report_restore, name="report_restore"),
    path("figures/tables/", tables.tables, name="tables"),
    path("figures/tables/<int:table_id>/", tables.table, name="table"),
    path("figures/windows/", windows.windows, name="windows"),
    # Last: a code is any word.
    path("figures/<slug:code>/", indicators.indicator, name="indicator"),
]
