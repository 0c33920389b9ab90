import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { useKept } from "@/parts/documents/useKept";

function Field({ value, revision, write }: { value: string; revision: number; write: (text: string, since: number) => void }) {
  return <input aria-label="text" {...useKept(value, revision, write)} />;
}

it("keeps what is being written when others write there, and sends it with the revision at which it began", async () => {
  const write = vi.fn();
  const shown = render(<Field value="before" revision={4} write={write} />);
  const user = userEvent.setup();
  await user.type(screen.getByLabelText("text"), " mine");
  shown.rerender(<Field value="theirs" revision={5} write={write} />);
  expect(screen.getByLabelText("text")).toHaveValue("before mine");
  await user.tab();
  expect(write.mock.calls).toEqual([["before mine", 4]]);
});

it("follows others and writes nothing where nobody has written in it", () => {
  const write = vi.fn();
  const shown = render(<Field value="before" revision={4} write={write} />);
  act(() => screen.getByLabelText("text").focus());
  shown.rerender(<Field value="theirs" revision={5} write={write} />);
  expect(screen.getByLabelText("text")).toHaveValue("theirs");
  act(() => screen.getByLabelText("text").blur());
  expect(write).not.toHaveBeenCalled();
});
