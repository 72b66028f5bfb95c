import { useStore } from 'zustand'
import { type Settings, settingsSchema } from '../../src-preload/contract/model'
import { useServices } from '../app/services-context'
import { QualitySelect } from '../library/quality-select'
import { Drawer } from '../ui/drawer'
import { texts } from '../ui/texts'
import { About } from './about'
import { KeepSettings } from './keep-settings'
import { SettingField } from './setting-field'
import { UploadSettings } from './upload-settings'
import './settings.css'
import { toNumber } from './to-number'

/** The settings; each is saved as it is changed. */
export function SettingsDrawer() {
  const { settings: store, ui } = useServices()
  const settings = useStore(store.store, (state) => state.settings)
  const system = useStore(store.store, (state) => state.system)
  const words = texts.settings
  const save = async (patch: Partial<Settings>) => {
    const reply = await store.save(patch)
    if (reply.ok) ui.info(words.saved)
    else ui.fail(reply.error)
  }
  const { shape } = settingsSchema
  return (
    <Drawer title={words.title}>
      {settings !== undefined && (
        <div className="settings">
          <label className="field">
            <span>{words.theme}</span>
            <select
              className="select"
              data-testid="theme-select"
              value={settings.theme}
              onChange={(event) => void save({ theme: shape.theme.parse(event.target.value) })}
            >
              {Object.entries(words.themes).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          </label>
          <label className="field">
            <span>{words.quality}</span>
            <QualitySelect
              value={settings.quality}
              testId="quality-setting"
              onChange={(quality) => void save({ quality })}
            />
          </label>
          <label className="field">
            <span>{words.lowestQuality}</span>
            <select
              className="select"
              data-testid="lowest-quality-setting"
              value={settings.lowestQuality}
              onChange={(event) => void save({ lowestQuality: event.target.value })}
            >
              {[...new Set([...Object.keys(words.lowestQualities), settings.lowestQuality])].map(
                (value) => (
                  <option key={value} value={value}>
                    {words.lowestQualities[value] ?? value}
                  </option>
                ),
              )}
            </select>
          </label>
          <SettingField
            label={words.audio}
            hint={words.audioHint}
            value={settings.audio}
            check={(text) => shape.audio.safeParse(text).success}
            onSave={(audio) => void save({ audio })}
          />
          <SettingField
            label={words.subtitles}
            hint={words.subtitlesHint}
            value={settings.subtitles}
            check={(text) => shape.subtitles.safeParse(text).success}
            onSave={(subtitles) => void save({ subtitles })}
          />
          <SettingField
            label={words.parallelDownloads}
            hint={words.parallelDownloadsHint}
            value={String(settings.parallelDownloads)}
            check={(text) => shape.parallelDownloads.safeParse(toNumber(text)).success}
            onSave={(text) => void save({ parallelDownloads: toNumber(text) })}
          />
          <SettingField
            label={words.exportsDir}
            hint={words.exportsDirHint(system?.exportsDir ?? '')}
            value={settings.exportsDir}
            check={(text) => shape.exportsDir.safeParse(text).success}
            onSave={(exportsDir) => void save({ exportsDir })}
          />
          <UploadSettings settings={settings} save={save} />
          {system?.host === 'desktop' && (
            <label className="field field-check">
              <input
                type="checkbox"
                checked={settings.closeToTray}
                onChange={(event) => void save({ closeToTray: event.target.checked })}
              />
              <span>{words.closeToTray}</span>
            </label>
          )}
          <KeepSettings settings={settings} save={save} />
        </div>
      )}
      {system !== undefined && <About system={system} />}
    </Drawer>
  )
}
