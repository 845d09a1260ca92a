import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { Menu } from '@mantine/core';

type MenuAtProps = {
  /** On the page, in CSS pixels; `from` gets the focus back, unless an act of the menu has moved it. */
  readonly place: { readonly x: number; readonly y: number; readonly from: Element | null };
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
};

/** A menu where the pointer is, or over what had the focus. */
export function MenuAt({ place: { x, y, from }, label, onClose, children }: MenuAtProps) {
  useEffect(() => () => giveFocusBack(from), [from]);
  return (
    <Menu opened onClose={onClose} position="bottom-start" offset={0} returnFocus={false}>
      <Menu.Target>
        <span aria-hidden="true" className="menu-place" style={{ left: x, top: y }} />
      </Menu.Target>
      <Menu.Dropdown aria-label={label}>{children}</Menu.Dropdown>
    </Menu>
  );
}

/** As the list of labels does, which an act opens. */
function giveFocusBack(to: Element | null): void {
  setTimeout(() => {
    if (document.activeElement === document.body && to instanceof HTMLElement)
      to.focus({ preventScroll: true });
  });
}
