import { Menu, type MenuItemConstructorOptions } from 'electron'

/** macOS needs a menu for its usual keys; elsewhere the window has none, since everything is in the interface. */
export function installAppMenu(platform: NodeJS.Platform): void {
  const template = appMenuTemplate(platform)
  Menu.setApplicationMenu(template === undefined ? null : Menu.buildFromTemplate(template))
}

function appMenuTemplate(platform: NodeJS.Platform): MenuItemConstructorOptions[] | undefined {
  return platform === 'darwin'
    ? [{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }]
    : undefined
}
