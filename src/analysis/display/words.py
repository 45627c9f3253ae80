"""What the dataset's words are called in reports, charts and tables."""

from analysis.terms.line_item import Kind, Phase

PHASE_NAMES = {Phase.APPROVED: "预算", Phase.EXECUTED: "决算"}
KIND_NAMES = {Kind.BUDGET.value: "预算", Kind.FINAL.value: "决算"}
THREE_PUBLIC_NAMES = {
    "overseas_visits": "因公出国（境）费",
    "receptions": "公务接待费",
    "vehicle_purchase": "公务用车购置费",
    "vehicle_operation": "公务用车运行费",
}
# The tables in the order of the published forms, with short names; the full ones are in the knowledge of identities.
TABLE_NAMES = {
    "revenue_expenditure_summary": "收支总表",
    "revenue": "收入",
    "expenditure": "支出",
    "appropriation_summary": "财政拨款",
    "general_public_budget": "一般公共预算",
    "government_fund": "政府性基金",
    "state_capital": "国资经营",
    "basic_by_economic": "经济分类",
    "three_public": "三公",
    "narrative": "文字条目",
}
