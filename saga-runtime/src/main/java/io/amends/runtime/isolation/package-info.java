/** Countermeasures against the missing isolation between sagas: semantic locks for participants. */
@NullMarked
package io.amends.runtime.isolation;

import org.jspecify.annotations.NullMarked;
