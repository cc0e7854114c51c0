// Everything here works beside the server, never instead of it: each page also works without scripts.
import { startAutosave } from "./autosave.js";
import { startCalendar } from "./calendar.js";
import { startDates } from "./dates.js";
import { startDrop } from "./drop.js";
import { startForms } from "./forms.js";
import { startGrids } from "./grid.js";
import { startKeep } from "./keep.js";
import { startLive } from "./live.js";
import { startMaking } from "./making.js";
import { startOffline } from "./offline.js";
import { startPage } from "./page.js";
import { startResume } from "./resume.js";
import { startUpload } from "./upload.js";

startOffline();
startPage();
startForms();
startDates();
startCalendar();
startKeep();
startAutosave();
startGrids();
startUpload();
startLive();
startDrop();
startMaking();
startResume();
