"""The first run on the screen: the steps at the left, the open one at the right. Resumes where a power cut left it.

Shows steps of ui/wizard/steps.py; asks the engine through ui/wizard/acts.py. Can be left with Esc and done again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QWidget,
)

from ui.failures import explain
from ui.ground import Ground
from ui.i18n import translate
from ui.pages.page import Page, PageDesk
from ui.relaunch import relaunch
from ui.widgets.form import Form
from ui.wizard.acts import WizardActs
from ui.wizard.stage import Stage
from ui.wizard.steps import TRAINING, Facts, Step
from ui.wizard.summary import summary, taxpayer_facts
from ui.wizard.walk import Walk, load, save

AGAIN = "again"


class WizardPage(Page):
    """`arrive` with AGAIN begins at the first step, with the answers that were given."""

    def __init__(self, desk: PageDesk, ground: Ground) -> None:
        super().__init__(desk, "setup", translate("wizard", "Set up this till"))
        self._ground = ground
        self.acts = WizardActs(desk.operate)
        self.facts = Facts()
        self.walk = (load(ground.folder) if ground.folder else None) or Walk()
        self._busy = False
        self.stage = stage = Stage(self.theme)
        self.previous, self.past, self.next, self.notice = stage.previous, stage.past, stage.next, stage.notice
        self.look, self.trial, self.file = stage.look, stage.trial, stage.file
        self.shown_facts = stage.facts
        self.body.addWidget(stage, 1)
        stage.entered.connect(self.forward)
        self.previous.clicked.connect(self.back)
        self.past.clicked.connect(lambda: self._go(skip=True))
        self.next.clicked.connect(self.forward)
        self.look.clicked.connect(lambda: self._run(self._look()))
        self.trial.clicked.connect(lambda: self._run(self._trial()))
        self.file.clicked.connect(self._ask_file)

    def arrive(self, about: str) -> None:
        if about == AGAIN:
            self.walk.again()
        self._run(self._enter())

    @property
    def form(self) -> Form | None:
        """The open step's questions."""
        return self.stage.form

    def home(self) -> QWidget:
        return self.form if self.form is not None else self.next

    def back(self) -> bool:
        if self._busy or self._ground.folder is None:
            return self._busy
        if self.form is not None:
            self.walk.answers.update(self.form.values())
        if not self.walk.back(self.facts):
            return False
        self._show()
        return True

    def forward(self) -> None:
        """What "next" stands for: check, act, go on."""
        if self._busy:
            return
        problems = self.walk.problems(self.form.values() if self.form else {})
        if self.form is not None:
            self.form.show_problems(problems)
        if not problems:
            self._run(self._act(self.walk.step()))

    # acts

    async def _enter(self) -> None:
        await self._reread()
        if not self.walk.step().shown(self.walk.answers, self.facts):
            self.walk.forward(self.facts)  # done before the power went
        self._show()

    async def _reread(self) -> None:
        self.facts = await self.acts.facts(str(self._ground.folder or ""), folder_fixed=self._ground.folder_fixed)

    async def _act(self, step: Step) -> None:
        answers = self.walk.answers
        if step.act == "shop" and answers.get("mode") == TRAINING:
            self._start_other("--training")
            return
        if step.act == "folder" and answers.get("folder_choice") == "other":
            self._move(_folder(answers["folder"]))
            return
        if step.act == "printer" and answers["printer_name"].strip() not in self.facts.printers:
            await self.acts.add_printer(answers)
        elif step.act == "taxpayer":
            await self.acts.ask_taxpayer(answers)
        elif step.act == "register":
            await self.acts.register(answers)
        elif step.act == "owner":
            await self.acts.add_owner(answers)
        elif step.act == "lan":
            await self.acts.set_lan(answers)
        elif step.act == "finish":
            self.walk.finished = True
            self._save()
            self.desk.go("overview")
            self.desk.say(translate("wizard", "The till is set up. F7 opens the day, F2 sells."))
            return
        await self._reread()
        self._go()

    def _go(self, *, skip: bool = False) -> None:
        if self.walk.forward(self.facts, skip=skip):
            self._show()

    def _start_other(self, *options: str) -> None:
        if not relaunch(*options):
            self.stage.tell(translate("wizard", "fiscalmon could not be started a second time."), "failed")
            return
        self.walk.at = "shop"
        self.desk.leave()

    def _move(self, folder: Path) -> None:
        if self._ground.choose_folder is None or folder == self._ground.folder:
            self._go()
            return
        self._ground.choose_folder(folder)
        self.walk.answers |= {"folder_choice": "this", "folder": ""}
        self.walk.forward(self.facts)
        save(folder, self.walk)
        self._start_other()

    async def _look(self) -> None:
        port = self.form.value("printer_port").strip() if self.form else ""
        self.stage.tell(translate("wizard", "Asking the ports who is there; this takes up to a minute …"))
        told = await self.acts.look_for_printers(port)
        found = next((entry for entry in told if entry["found"]), None)
        if found is None:
            reasons = [str(entry["reason"]) for entry in told if entry["reason"]]
            text = translate("wizard", "No printer answered on {number} ports. Is it switched on?").format(
                number=len(told)
            )
            self.stage.tell(" ".join([text, *reasons]), "attention")
            return
        what = found["found"]
        family = f"{what['family']}:{what['dialect'] or 'datecs'}" if what["family"] == "fp1" else what["family"]
        if self.form is not None:
            self.form.fill({"printer_port": found["port"], "printer_family": family, "printer_baud": str(what["baud"])})
        name = what["model"] or what["family"]
        self.stage.tell(
            translate("wizard", "A printer answered on {port}: {name}.").format(port=found["port"], name=name), "ok"
        )

    async def _trial(self) -> None:
        problems = self.walk.problems(self.form.values() if self.form else {})
        if self.form is not None:
            self.form.show_problems(problems)
        if not problems:
            self.stage.tell(await self.acts.test_printer(self.walk.answers))
            await self._reread()

    def _run(self, work: Any) -> None:
        """One act at a time; what goes wrong is said in the step, in the engine's words."""
        if self._busy:
            work.close()
            return
        self._busy = True
        self.stage.allow(self.walk.step(), busy=self._busy)
        self.stage.tell("")

        async def run() -> None:
            try:
                await work
            except asyncio.CancelledError:
                raise
            except Exception as error:
                code, text = explain(error)
                self.stage.tell(
                    translate("page", "{text} (code {code})").format(text=text, code=code) if code else text, "failed"
                )
            finally:
                self._busy = False
                self.stage.allow(self.walk.step(), busy=self._busy)

        self.desk.spawn(run(), "wizard")

    # showing

    def _show(self) -> None:
        step = self.walk.step()
        self._save()
        self.stage.show_step(self.walk, self.facts)
        if step.name == "summary":
            self.desk.spawn(self._show_summary(), "summary")
        elif step.name == "taxpayer":
            self.shown_facts.show_sections(taxpayer_facts(self.acts.taxpayer))
        elif step.name == "folder":
            self.stage.tell(translate("wizard", "The usual place is {folder}").format(folder=self.facts.folder))
        self.stage.allow(step, busy=self._busy)

    async def _show_summary(self) -> None:
        devices = await self.acts.devices()
        self.shown_facts.show_sections(summary(self.walk.answers, self.facts, devices, None))

    def _save(self) -> None:
        if self._ground.folder is not None:
            save(self._ground.folder, self.walk)

    def _ask_file(self) -> None:
        dialog = QFileDialog(
            self, translate("wizard", "Save the summary"), "fiscalmon-till.pdf", translate("wizard", "PDF (*.pdf)")
        )
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.fileSelected.connect(self.write_pdf)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def write_pdf(self, file: str) -> None:
        """The summary on a page of A4."""
        from ui.paper import write_text_pdf

        done = write_text_pdf(file, self.walk.answers.get("shop", ""), self.shown_facts.text())
        saved = translate("wizard", "Saved: {file}").format(file=file)
        self.stage.tell(
            saved if done else translate("wizard", "{file} cannot be written.").format(file=file),
            "" if done else "failed",
        )


def _folder(written: str) -> Path:
    return Path(written.strip()).expanduser()


def wanted(ground: Ground, devices: list[Mapping[str, Any]]) -> bool:
    """Whether the first run is to be shown unasked: no device yet, or it was begun and not finished."""
    if ground.folder is None or ground.training:
        return False
    begun = load(ground.folder)
    return not devices if begun is None else not begun.finished
