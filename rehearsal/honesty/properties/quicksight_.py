"""QuickSight."""

from __future__ import annotations

from rehearsal.honesty.effect import Effects, about, recorded

NOT_ASKED = "nothing is ever asked or drawn through it"

EFFECTS: dict[str, Effects] = {
    "aws:quicksight/dataSource:DataSource": {
        **about("dataSourceId", "awsAccountId"),
        **recorded(NOT_ASKED, "name", "type", "parameters", "permissions"),
    },
    "aws:quicksight/dataSet:DataSet": {
        **about("dataSetId", "awsAccountId"),
        **recorded(NOT_ASKED, "name", "importMode", "physicalTableMaps", "permissions"),
    },
}
