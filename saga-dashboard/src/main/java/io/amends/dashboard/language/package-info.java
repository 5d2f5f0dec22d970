/** In which language people are told something: sentences stand in the code in English, and a catalogue has them in others. */
@NullMarked
package io.amends.dashboard.language;

import org.jspecify.annotations.NullMarked;
