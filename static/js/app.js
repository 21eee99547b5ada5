// Everything here improves something that already works. Modules do not know each other; they talk by events.
import "./due-in.js";
import "./dialogs.js";
import "./menus.js";
import "./hotkeys.js";
import "./list-nav.js";
import "./ctrl-enter.js";
import "./after-act.js";
import "./palette.js";
import "./keys-help.js";
import "./say.js";
import "./toast.js";
import "./trouble.js";
import "./print.js";
