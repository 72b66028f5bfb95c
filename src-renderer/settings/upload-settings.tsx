import { type Settings, settingsSchema } from '../../src-preload/contract/model'
import { texts } from '../ui/texts'
import { SettingField } from './setting-field'

/** Where exports are uploaded to, and whether they leave this disk then. */
export function UploadSettings(props: {
  settings: Settings
  save: (patch: Partial<Settings>) => Promise<void>
}) {
  const { settings, save } = props
  const words = texts.settings
  const { shape } = settingsSchema
  return (
    <>
      <SettingField
        label={words.uploadTo}
        hint={words.uploadToHint}
        value={settings.uploadTo}
        check={(text) => shape.uploadTo.safeParse(text).success}
        onSave={(uploadTo) => void save({ uploadTo })}
      />
      {settings.uploadTo !== '' && (
        <>
          <SettingField
            label={words.uploadEndpoint}
            hint={words.uploadEndpointHint}
            value={settings.uploadEndpoint}
            check={(text) => shape.uploadEndpoint.safeParse(text).success}
            onSave={(uploadEndpoint) => void save({ uploadEndpoint })}
          />
          <label className="field field-check">
            <input
              type="checkbox"
              checked={settings.uploadRemovesLocal}
              onChange={(event) => void save({ uploadRemovesLocal: event.target.checked })}
            />
            <span>{words.uploadRemovesLocal}</span>
          </label>
        </>
      )}
    </>
  )
}
