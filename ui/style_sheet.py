"""The small style sheet of our own widgets, filled from the tokens. Everything else comes from the palette.

Must not know the widgets: it names roles ("muted", "kpi") and states ("ok", "failed") they set as properties.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ui.theme import Tokens


def style_sheet(tokens: Tokens, colour: Mapping[str, Any]) -> str:
    """QSS for one scheme. `colour` maps token names to #RRGGBB."""
    size, space, radius = tokens.sizes, tokens.space, tokens.radii
    strong = tokens.weights["strong"]
    states = "".join(
        f"""
QLabel[state="{state}"] {{ color: {colour[state]}; }}
QLabel[role="chip"][state="{state}"] {{ color: {colour[state]}; background: {colour[state + "Ground"]}; }}
"""
        for state in ("ok", "attention", "failed")
    )
    return f"""
QToolTip {{ color: {colour["text"]}; background: {colour["surface"]}; border: 1px solid {colour["line"]};
    padding: {space["2"]}px; font-size: {size["body"]}px; }}
QLabel {{ color: {colour["text"]}; background: transparent; font-size: {size["body"]}px; }}
QLabel[role="muted"] {{ color: {colour["muted"]}; }}
QLabel[role="small"] {{ color: {colour["muted"]}; font-size: {size["small"]}px; }}
QLabel[role="band"] {{ color: {colour["attention"]}; background: {colour["attentionGround"]};
    border: 2px dashed {colour["attention"]}; border-radius: {radius["control"]}px; padding: 6px;
    font-size: {size["lead"]}px; font-weight: {strong}; }}
QLabel[role="lead"] {{ font-size: {size["lead"]}px; font-weight: {strong}; }}
QLabel[role="title"] {{ font-size: {size["title"]}px; font-weight: {strong}; }}
QLabel[role="chip"] {{ font-size: {size["small"]}px; font-weight: {strong}; border-radius: {radius["chip"]}px;
    padding: 2px {space["2"]}px; }}
QLabel[role="stage"] {{ color: {colour["muted"]}; font-size: {size["small"]}px; }}
QLabel[role="stage"][reached="past"] {{ color: {colour["text"]}; }}
QLabel[role="stage"][reached="now"] {{ color: {colour["accent"]}; font-weight: {strong}; }}
QLabel[role="stage"][reached="done"] {{ color: {colour["ok"]}; font-weight: {strong}; }}
QLabel[role="stage"][reached="failed"] {{ color: {colour["failed"]}; font-weight: {strong}; }}
QLabel[role="stage"][reached="waiting"] {{ color: {colour["attention"]}; font-weight: {strong}; }}
QLabel[role="key"] {{ color: {colour["muted"]}; font-size: {size["small"]}px; font-weight: {strong};
    border: 1px solid {colour["line"]}; border-radius: 4px; padding: 1px 5px; background: {colour["sunken"]}; }}
QLabel[state="unknown"] {{ color: {colour["muted"]}; }}
{states}
QPushButton {{ color: {colour["text"]}; background: {colour["surface"]}; border: 1px solid {colour["control"]};
    border-radius: {radius["control"]}px; padding: 0 {space["4"]}px; min-height: {tokens.target - 2}px;
    font-size: {size["body"]}px; font-weight: {strong}; }}
QPushButton:hover {{ background: {colour["accentGround"]}; }}
QPushButton:pressed {{ background: {colour["line"]}; }}
QPushButton:focus {{ border: 2px solid {colour["accent"]}; }}
QPushButton:disabled {{ color: {colour["muted"]}; background: {colour["sunken"]}; border-color: {colour["line"]}; }}
QPushButton[kind="act"] {{ color: {colour["onAccent"]}; background: {colour["accent"]};
    border-color: {colour["accent"]}; }}
QPushButton[kind="act"]:focus {{ border: 2px solid {colour["text"]}; }}
QPushButton[kind="act"]:disabled {{ color: {colour["muted"]}; background: {colour["sunken"]};
    border-color: {colour["line"]}; }}
QPushButton[kind="key"] {{ border-color: {colour["line"]}; padding: 0 {space["3"]}px; }}
QPushButton[kind="key"]:focus {{ border: 2px solid {colour["accent"]}; }}
QPushButton[kind="pad"] {{ background: {colour["sunken"]}; border-color: {colour["line"]}; padding: 0;
    font-size: {size["lead"]}px; }}
QPushButton[kind="pad"]:pressed {{ background: {colour["accentGround"]}; }}
QPushButton[kind="tab"] {{ color: {colour["muted"]}; background: transparent; border: none;
    border-bottom: 2px solid transparent; border-radius: 0; padding: 0 {space["2"]}px;
    min-height: {tokens.target - 12}px; font-size: {size["small"] + 1}px; }}
QPushButton[kind="tab"]:checked {{ color: {colour["accent"]}; border-bottom: 2px solid {colour["accent"]}; }}
QPushButton[kind="tab"]:focus {{ border: 2px solid {colour["accent"]}; }}
QProgressBar[role="gauge"] {{ background: {colour["line"]}; border: none; border-radius: 4px; }}
QProgressBar[role="gauge"]::chunk {{ background: {colour["ok"]}; border-radius: 4px; }}
QProgressBar[role="gauge"][state="attention"]::chunk {{ background: {colour["attention"]}; }}
QLineEdit[role="compact"] {{ min-height: {tokens.target - 12}px; }}
QPushButton[kind="pill"] {{ color: {colour["onAccent"]}; background: {colour["accent"]}; border: none;
    border-radius: {tokens.target // 2}px; }}
QPushButton[kind="pill"]:focus {{ border: 2px solid {colour["text"]}; }}
/* scrollable: a long menu would wrap into columns, and a small screen cuts the second one off */
QMenu {{ background: {colour["surface"]}; border: 1px solid {colour["line"]}; padding: {space["1"]}px;
    menu-scrollable: 1; }}
QMenu::item {{ color: {colour["text"]}; min-height: {tokens.target - 16}px; padding: {space["2"]}px {space["5"]}px;
    font-size: {size["body"]}px; border-radius: {radius["control"]}px; }}
QMenu[tight="true"]::item {{ min-height: {tokens.target - 24}px; padding: {space["1"]}px {space["5"]}px; }}
QMenu::item:selected {{ background: {colour["accentGround"]}; }}
QMenu::item:disabled {{ color: {colour["muted"]}; }}
QLineEdit, QComboBox {{ color: {colour["text"]}; background: {colour["surface"]};
    border: 1px solid {colour["control"]}; border-radius: {radius["control"]}px; padding: 0 {space["3"]}px;
    min-height: {tokens.target - 2}px; font-size: {size["body"]}px; }}
QLineEdit:focus, QComboBox:focus {{ border: 2px solid {colour["accent"]}; }}
QComboBox::drop-down {{ border: none; width: 28px; }}
QComboBox QAbstractItemView {{ color: {colour["text"]}; background: {colour["surface"]};
    border: 1px solid {colour["line"]}; selection-background-color: {colour["accentGround"]};
    selection-color: {colour["text"]}; outline: none; }}
QComboBox QAbstractItemView::item {{ min-height: {tokens.target - 8}px; }}
QCheckBox, QRadioButton {{ color: {colour["text"]}; font-size: {size["body"]}px; min-height: {tokens.target}px; }}
QCheckBox::indicator {{ width: 18px; height: 18px; border: 2px solid {colour["control"]}; border-radius: 4px;
    background: {colour["surface"]}; }}
QCheckBox::indicator:checked {{ border-color: {colour["accent"]}; background: {colour["accent"]}; }}
QCheckBox::indicator:focus {{ border-color: {colour["accent"]}; }}
QRadioButton::indicator {{ width: 16px; height: 16px; border: 2px solid {colour["control"]}; border-radius: 10px;
    background: {colour["surface"]}; }}
QRadioButton::indicator:checked {{ width: 8px; height: 8px; border: 6px solid {colour["accent"]}; }}
QRadioButton::indicator:disabled {{ border-color: {colour["line"]}; }}
QRadioButton:disabled {{ color: {colour["muted"]}; }}
QPlainTextEdit[role="exact"] {{ color: {colour["text"]}; background: {colour["sunken"]};
    border: 1px solid {colour["line"]}; border-radius: 4px; selection-background-color: {colour["accent"]};
    selection-color: {colour["onAccent"]}; }}
QTableView {{ color: {colour["text"]}; background: transparent; border: none; outline: none;
    font-size: {size["body"]}px; selection-background-color: {colour["accentGround"]};
    selection-color: {colour["text"]}; }}
QTableView::item {{ border-bottom: 1px solid {colour["line"]}; padding: 0 {space["2"]}px; }}
QHeaderView {{ background: transparent; border: none; }}
QHeaderView::section {{ color: {colour["muted"]}; background: transparent; border: none;
    border-bottom: 1px solid {colour["line"]}; padding: {space["2"]}px; font-size: {size["small"]}px;
    font-weight: {strong}; }}
QListView {{ background: transparent; border: none; outline: none; }}
QLineEdit[kind="scan"] {{ font-size: {size["title"]}px; min-height: {tokens.target + 4}px; }}
QLabel[role="notice"] {{ font-size: {size["body"]}px; border-radius: {radius["control"]}px;
    padding: {space["2"]}px {space["3"]}px; }}
QLabel[role="notice"] {{ background: {colour["sunken"]}; }}
QLabel[role="notice"][state="ok"] {{ background: {colour["okGround"]}; }}
QLabel[role="notice"][state="attention"] {{ background: {colour["attentionGround"]}; }}
QLabel[role="notice"][state="failed"] {{ background: {colour["failedGround"]}; }}
QListWidget {{ color: {colour["text"]}; font-size: {size["body"]}px; }}
QListWidget::item {{ padding: 0 {space["2"]}px; border-radius: {radius["control"]}px; }}
QListWidget::item:selected {{ color: {colour["text"]}; background: {colour["accentGround"]}; }}
QListWidget[kind="suggestions"] {{ background: {colour["surface"]}; border: 1px solid {colour["accent"]};
    border-radius: {radius["control"]}px; font-size: {size["lead"]}px; padding: {space["1"]}px; }}
QListWidget[kind="suggestions"]::item {{ min-height: {tokens.target}px; }}
QScrollArea, QScrollArea > QWidget > QWidget[role="sheet"] {{ background: transparent; border: none; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {colour["control"]}; border-radius: 3px; min-height: 32px;
    margin: 2px; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{
    background: none; border: none; height: 0; width: 0; }}
"""
