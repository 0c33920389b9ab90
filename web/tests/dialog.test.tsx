import { MantineProvider, Menu } from "@mantine/core";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { beforeEach, expect, it } from "vitest";
import { Dialog } from "@/parts/Dialog";
import { speak } from "@/words/i18n";

function Opens({ then }: { then?: string }) {
  const [open, setOpen] = useState(false);
  const close = () => {
    setOpen(false);
    if (then) document.getElementById(then)?.focus();
  };
  return (
    <MantineProvider env="test">
      <button onClick={() => setOpen(true)}>open</button>
      <button id="other">other</button>
      <Menu>
        <Menu.Target><button>menu</button></Menu.Target>
        <Menu.Dropdown><Menu.Item onClick={() => setOpen(true)}>entry</Menu.Item></Menu.Dropdown>
      </Menu>
      {open && <Dialog onClose={close} title="Dialog"><input aria-label="field" data-autofocus /></Dialog>}
    </MantineProvider>
  );
}

beforeEach(() => speak("de"));

it("takes the focus and gives it back to what opened it", async () => {
  const user = userEvent.setup();
  render(<Opens />);
  await user.click(screen.getByText("open"));
  await waitFor(() => expect(screen.getByLabelText("field")).toHaveFocus());
  await user.click(screen.getByRole("button", { name: "Schließen" }));
  await waitFor(() => expect(screen.getByText("open")).toHaveFocus());
});

it("gives it back to the button of the menu whose entry opened it", async () => {
  const user = userEvent.setup();
  render(<Opens />);
  await user.click(screen.getByText("menu"));
  screen.getByText("entry").closest("button")!.focus();
  await user.keyboard("{Enter}");
  await waitFor(() => expect(screen.getByLabelText("field")).toHaveFocus());
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.getByText("menu")).toHaveFocus());
});

it("takes the focus from nothing that has it already", async () => {
  const user = userEvent.setup();
  render(<Opens then="other" />);
  await user.click(screen.getByText("open"));
  await waitFor(() => expect(screen.getByLabelText("field")).toHaveFocus());
  await user.keyboard("{Escape}");
  await new Promise((done) => requestAnimationFrame(done));
  expect(screen.getByText("open")).not.toHaveFocus();
});
