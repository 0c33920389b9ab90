import { Modal, type ModalProps } from "@mantine/core";
import { useEffect, useState } from "react";
import { useWords } from "@/words/i18n";

/** A dialog over the page: the focus goes into it, and back to where it was when it closes, as long as nothing else took it. */
export function Dialog(props: Omit<ModalProps, "opened" | "closeButtonProps">) {
  const { t } = useWords();
  const [opener] = useState(openerOf);
  useEffect(
    () => () => {
      requestAnimationFrame(() => {
        if ((document.activeElement ?? document.body) === document.body && opener?.isConnected) opener.focus();
      });
    },
    [opener],
  );
  return <Modal opened closeButtonProps={{ "aria-label": t("close") }} {...props} />;
}

/** What has the focus; of an entry of a menu, which goes, the button of the menu. */
function openerOf(): HTMLElement | null {
  const found = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  const menu = found?.closest<HTMLElement>("[role=menu]");
  return menu ? document.querySelector<HTMLElement>(`[aria-controls="${menu.id}"]`) : found;
}
