"""The toolbar over a chart that is explored: to save, to zoom, to go back; nothing that uploads a figure.

plotly offers to upload a chart to a service of its maker unless it is told not to, under a name that changed between
its versions. A figure that a notebook shows carries this; a page of the site says the same for itself (`report.js`).
"""

import re
from typing import Any

_UPLOADS = ("sendChartToCloud", "sendDataToCloud")
_NEEDLESS = ("lasso2d", "select2d", "autoScale2d", "zoomIn2d", "zoomOut2d", "hoverClosestCartesian",
             "hoverCompareCartesian", "toggleSpikelines", "hoverClosestPie")  # fmt: skip
_UNSAFE = re.compile(r'[\\/:*?"<>|\s]+')
_LONGEST = 80
_WORDS = {
    "Download plot as a PNG": "存为图片", "Download plot": "存为图片", "Zoom": "框选放大", "Pan": "拖动",
    "Zoom in": "放大", "Zoom out": "缩小", "Autoscale": "看全图", "Reset axes": "复原", "Reset view": "复原",
    "Double-click to zoom back out": "双击复原", "Preparing image - this may take a few seconds": "正在生成图片",
    "Taking snapshot - this may take a few seconds": "正在生成图片", "Image download succeeded": "图片已保存",
    "Snapshot succeeded": "图片已保存", "Sorry, there was a problem downloading your image!": "图片没有保存成功",
    "Sorry, there was a problem downloading your snapshot!": "图片没有保存成功",
}  # fmt: skip


def plotly_config(title: str) -> dict[str, Any]:
    """The configuration of one figure.

    Args:
        title: What the chart is about; a saved picture is called by it.
    """
    return {
        "displaylogo": False,
        "responsive": True,
        "plotlyServerURL": "",
        "showSendToCloud": False,
        "modeBarButtonsToRemove": [*_UPLOADS, *_NEEDLESS],
        "toImageButtonOptions": {"format": "png", "scale": 2, "filename": file_name(title)},
        "locale": "zh-CN",
        "locales": {"zh-CN": {"dictionary": _WORDS, "format": {"thousands": ",", "grouping": [3], "decimal": "."}}},
    }


def file_name(title: str) -> str:
    """A title as a file's name, without what some system forbids there."""
    return _UNSAFE.sub(" ", title).strip()[:_LONGEST] or "图"
