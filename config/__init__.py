from config.sqlite import use_sound_version

use_sound_version()  # here, since nothing of the site is loaded before its settings
