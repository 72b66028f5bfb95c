// What `import … from 'electron'` gives in the main process. Names that are not here fail at import, as unknown exports do.
import { host } from './host'
import { absent } from './strict'

export const app = host.app.api
export const BrowserWindow = host.BrowserWindow
export const dialog = host.dialog.api
export const ipcMain = host.ipcMain.api
export const Menu = host.Menu
export const powerMonitor = host.system.powerMonitor
export const powerSaveBlocker = host.system.powerSaveBlocker
export const protocol = host.protocol.api
export const session = host.session.api
export const shell = host.system.shell
export const Tray = host.tray.Tray

export const autoUpdater = absent('autoUpdater')
export const clipboard = absent('clipboard')
export const crashReporter = absent('crashReporter')
export const globalShortcut = absent('globalShortcut')
export const MenuItem = absent('MenuItem')
export const MessageChannelMain = absent('MessageChannelMain')
export const nativeImage = absent('nativeImage')
export const nativeTheme = absent('nativeTheme')
export const net = absent('net')
export const Notification = absent('Notification')
export const safeStorage = absent('safeStorage')
export const screen = absent('screen')
export const systemPreferences = absent('systemPreferences')
export const utilityProcess = absent('utilityProcess')
export const webContents = absent('webContents')
