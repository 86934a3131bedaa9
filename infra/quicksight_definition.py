"""A dashboard in QuickSight's own words: one sheet, a visual for each chart, on its grid of 36 columns."""

from __future__ import annotations

from typing import Any

from dashboards import Chart, Dashboard, Field, Fold, Form, Kind

COLUMNS = 36
TYPES = {
    Form.TEXT: "STRING",
    Form.RUN: "STRING",
    Form.MOMENT: "DATETIME",
    Form.WHOLE: "INTEGER",
    Form.BYTES: "INTEGER",
    Form.DECIMAL: "DECIMAL",
    Form.PERCENT: "DECIMAL",
    Form.SECONDS: "DECIMAL",
}
_FOLDS = {Fold.FIRST: "MAX", Fold.SUM: "SUM", Fold.COUNT: "COUNT"}
_SIZES = {Kind.NUMBER: (9, 6), Kind.LINE: (COLUMNS, 12)}  # columns and rows of the grid
_USUAL_SIZE = (18, 14)

Document = dict[str, Any]


def definition(dashboard: Dashboard, arns: dict[str, str]) -> Document:
    """``arns`` are those of the data sets, by query."""
    return {
        "DataSetIdentifierDeclarations": [
            {"Identifier": query, "DataSetArn": arns[query]} for query in dashboard.queries
        ],
        "Sheets": [
            {
                "SheetId": dashboard.source,
                "Name": dashboard.title,
                "Description": dashboard.about,
                "ContentType": "INTERACTIVE",
                "Visuals": [_visual(chart, _id(at)) for at, chart in enumerate(dashboard.charts)],
                "Layouts": [{"Configuration": {"GridLayout": {"Elements": _grid(dashboard.charts)}}}],
            }
        ],
    }


def _id(position: int) -> str:
    return f"chart-{position + 1}"


def _grid(charts: tuple[Chart, ...]) -> list[Document]:
    """In reading order: as many beside each other as there is room for, rows as high as what is in them."""
    elements, column, row, height = [], 0, 0, 0
    for position, chart in enumerate(charts):
        width, tall = _SIZES.get(chart.kind, _USUAL_SIZE)
        if column + width > COLUMNS:
            column, row, height = 0, row + height, 0
        elements.append(
            {
                "ElementId": _id(position),
                "ElementType": "VISUAL",
                "ColumnIndex": column,
                "ColumnSpan": width,
                "RowIndex": row,
                "RowSpan": tall,
            }
        )
        column, height = column + width, max(height, tall)
    return elements


def _visual(chart: Chart, id_: str) -> Document:
    kind, configuration = _VISUALS[chart.kind](chart, id_)
    return {
        kind: {
            "VisualId": id_,
            "Title": {"Visibility": "VISIBLE", "FormatText": {"PlainText": chart.title}},
            "Subtitle": {"Visibility": "VISIBLE", "FormatText": {"PlainText": chart.see}},
            "ChartConfiguration": configuration,
        }
    }


def _number(chart: Chart, id_: str) -> tuple[str, Document]:
    return "KPIVisual", {"FieldWells": {"Values": [_measure(chart, id_, chart.values[0], _FOLDS[chart.fold])]}}


def _bars(chart: Chart, id_: str) -> tuple[str, Document]:
    by_label = chart.kind is Kind.STACKED
    sort = _sort(id_, chart.label if by_label else chart.values[0])
    return "BarChartVisual", {
        "FieldWells": {"BarChartAggregatedFieldWells": _wells(chart, id_)},
        "Orientation": "HORIZONTAL",
        "BarsArrangement": "STACKED" if by_label else "CLUSTERED",
        "SortConfiguration": {
            "CategorySort": [sort],
            "CategoryItemsLimit": {"ItemsLimit": chart.top, "OtherCategories": "EXCLUDE"},
        },
    }


def _line(chart: Chart, id_: str) -> tuple[str, Document]:
    return "LineChartVisual", {
        "FieldWells": {"LineChartAggregatedFieldWells": _wells(chart, id_)},
        "Type": "LINE",
        "SortConfiguration": {"CategorySort": [_sort(id_, chart.label, "ASC")]},
    }


def _table(chart: Chart, id_: str) -> tuple[str, Document]:
    values = [{"FieldId": _field(id_, field), "Column": _column(chart, field)} for field in chart.fields]
    titles = [{"FieldId": _field(id_, field), "CustomLabel": field.title} for field in chart.fields]
    return "TableVisual", {
        "FieldWells": {"TableUnaggregatedFieldWells": {"Values": values}},
        "FieldOptions": {"SelectedFieldOptions": titles},
    }


_VISUALS = {Kind.NUMBER: _number, Kind.BAR: _bars, Kind.STACKED: _bars, Kind.LINE: _line, Kind.TABLE: _table}


def _wells(chart: Chart, id_: str) -> Document:
    return {
        "Category": [_dimension(chart, id_, chart.label)] if chart.label else [],
        "Values": [_measure(chart, id_, field, "SUM" if field.adds_up else "MAX") for field in chart.values],
    }


def _dimension(chart: Chart, id_: str, field: Field) -> Document:
    kind = "DateDimensionField" if TYPES[field.form] == "DATETIME" else "CategoricalDimensionField"
    return {kind: {"FieldId": _field(id_, field), "Column": _column(chart, field)}}


def _measure(chart: Chart, id_: str, field: Field, function: str) -> Document:
    return {
        "NumericalMeasureField": {
            "FieldId": _field(id_, field),
            "Column": _column(chart, field),
            "AggregationFunction": {"SimpleNumericalAggregation": function},
        }
    }


def _column(chart: Chart, field: Field) -> Document:
    return {"DataSetIdentifier": chart.query, "ColumnName": field.column}


def _field(id_: str, field: Field) -> str:
    return f"{id_}.{field.column}"


def _sort(id_: str, field: Field | None, direction: str = "DESC") -> Document:
    return {"FieldSort": {"FieldId": _field(id_, field) if field else id_, "Direction": direction}}
