/** The page's icons: drawn on a 16 px grid, in the colour of the text around them. */

import type { ReactNode } from "react";
import type { StepStatus } from "../api/types";

function Icon({ children, size = 16 }: { children: ReactNode; size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

export const SearchIcon = () => <Icon><circle cx="7" cy="7" r="4.25" /><path d="m10.25 10.25 3.25 3.25" /></Icon>;
export const CloseIcon = () => <Icon><path d="m4 4 8 8M12 4l-8 8" /></Icon>;
export const CopyIcon = () => <Icon><rect x="5.5" y="5.5" width="8" height="8" rx="1.5" /><path d="M10.5 5.5v-1.5a1.5 1.5 0 0 0-1.5-1.5H4A1.5 1.5 0 0 0 2.5 4v5A1.5 1.5 0 0 0 4 10.5h1.5" /></Icon>;
export const CheckIcon = () => <Icon><path d="m3.5 8.5 3 3 6-7" /></Icon>;
export const LinkIcon = () => <Icon><path d="M6.75 9.25a2.75 2.75 0 0 0 3.9 0l2-2a2.75 2.75 0 0 0-3.9-3.9l-.75.75M9.25 6.75a2.75 2.75 0 0 0-3.9 0l-2 2a2.75 2.75 0 0 0 3.9 3.9l.75-.75" /></Icon>;
export const DownloadIcon = () => <Icon><path d="M8 2.5v7.5M4.75 7 8 10.25 11.25 7M3 13.5h10" /></Icon>;
export const ChevronIcon = () => <Icon><path d="m6 3.5 4.5 4.5L6 12.5" /></Icon>;
export const UpIcon = () => <Icon><path d="m3.5 10 4.5-4.5 4.5 4.5" /></Icon>;
export const DownIcon = () => <Icon><path d="m3.5 6 4.5 4.5L12.5 6" /></Icon>;
export const ToEndIcon = () => <Icon><path d="M8 2.5v7M4.75 6.5 8 9.75l3.25-3.25M3 13h10" /></Icon>;
export const ClockIcon = () => <Icon><circle cx="8" cy="8" r="5.5" /><path d="M8 5v3l2 1.5" /></Icon>;
export const WrapIcon = () => <Icon><path d="M2.5 4h11M2.5 8h8.25a2.25 2.25 0 0 1 0 4.5H8m1.75-1.75L8 12.5l1.75 1.75M2.5 12h2.25" /></Icon>;
export const AlertIcon = () => <Icon><path d="M8 2.5 14.25 13.5H1.75ZM8 6.5v3M8 11.6v.1" /></Icon>;
export const KeyboardIcon = () => <Icon><rect x="1.75" y="4" width="12.5" height="8" rx="1.5" /><path d="M4.5 6.75h.01M7 6.75h.01M9.5 6.75h.01M12 6.75h.01M5.5 9.5h5" /></Icon>;
export const BellIcon = () => <Icon><path d="M4.25 6.75a3.75 3.75 0 0 1 7.5 0c0 3 1.25 4 1.25 4H3s1.25-1 1.25-4ZM6.75 13.25h2.5" /></Icon>;
export const SignOutIcon = () => <Icon><path d="M9.5 5V3.25H3v9.5h6.5V11M6.5 8h7M11.25 5.75 13.5 8l-2.25 2.25" /></Icon>;
export const ArrowIcon = () => <Icon><path d="M3 8h9.5M9 4.5 12.5 8 9 11.5" /></Icon>;
export const SunIcon = () => <Icon><circle cx="8" cy="8" r="2.75" /><path d="M8 1.5v1.25M8 13.25v1.25M1.5 8h1.25M13.25 8h1.25M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9" /></Icon>;
export const MoonIcon = () => <Icon><path d="M13.25 9.5A5.75 5.75 0 0 1 6.5 2.75a5.75 5.75 0 1 0 6.75 6.75Z" /></Icon>;
export const SystemIcon = () => <Icon><rect x="2" y="3" width="12" height="8" rx="1.5" /><path d="M5.5 13.5h5" /></Icon>;

/** The mark: an open ring, drawn as with a brush, that closes as work is done. */
export function Mark({ size = 22 }: { size?: number }) {
  return (
    <svg className="mark" width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden="true" focusable="false">
      <circle cx="16" cy="16" r="11.5" className="mark-track" strokeWidth="5" />
      <path d="M16 4.5a11.5 11.5 0 1 1-10.6 7.05" className="mark-arc" strokeWidth="5" strokeLinecap="round" />
    </svg>
  );
}

const RADIUS = 6.25;
const CIRCUMFERENCE = 2 * Math.PI * RADIUS;

/** A status as a shape, so that colour is never the only sign. What runs is a ring that closes. */
export function StatusIcon({ status, percentage = null, size = 16 }: { status: StepStatus; percentage?: number | null; size?: number }) {
  const common = { className: `status-icon status-${status}`, width: size, height: size, viewBox: "0 0 16 16", fill: "none", "aria-hidden": true, focusable: false } as const;
  switch (status) {
    case "running": {
      const known = percentage !== null;
      const length = known ? (Math.max(4, percentage) / 100) * CIRCUMFERENCE : CIRCUMFERENCE * 0.28;
      return (
        <svg {...common}>
          <circle cx="8" cy="8" r={RADIUS} stroke="currentColor" strokeOpacity="0.25" strokeWidth="2.5" />
          <circle className={known ? "ring" : "ring ring-unknown"} cx="8" cy="8" r={RADIUS} stroke="currentColor" strokeWidth="2.5" strokeLinecap="round" strokeDasharray={`${length} ${CIRCUMFERENCE}`} transform="rotate(-90 8 8)" />
        </svg>
      );
    }
    case "succeeded":
      return (
        <svg {...common}>
          <circle cx="8" cy="8" r="7" fill="currentColor" fillOpacity="0.16" />
          <path d="m5 8.4 2.1 2.1 4-4.7" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" strokeLinejoin="round" />
        </svg>
      );
    case "failed":
      return (
        <svg {...common}>
          <circle cx="8" cy="8" r="7" fill="currentColor" />
          <path d="m5.6 5.6 4.8 4.8m0-4.8-4.8 4.8" className="status-cut" strokeWidth="1.75" strokeLinecap="round" />
        </svg>
      );
    case "cancelled":
      return (
        <svg {...common}>
          <circle cx="8" cy="8" r="6.25" stroke="currentColor" strokeWidth="1.5" />
          <path d="m4.2 11.8 7.6-7.6" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
        </svg>
      );
    case "skipped":
      return (
        <svg {...common}>
          <circle cx="8" cy="8" r="6.25" stroke="currentColor" strokeWidth="1.5" strokeOpacity="0.6" />
          <path d="M5.5 8h5" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
        </svg>
      );
    case "queued":
      return (
        <svg {...common}>
          <circle cx="8" cy="8" r="6.25" stroke="currentColor" strokeWidth="1.75" strokeDasharray="2.4 2.5" strokeLinecap="round" />
        </svg>
      );
  }
}
