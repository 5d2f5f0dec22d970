/** The messages between orchestrator and participants: CloudEvents headers, logical types, payload codecs. */
@NullMarked
package io.amends.runtime.wire;

import org.jspecify.annotations.NullMarked;
