/** What the failure lab puts into the transfer role, and nobody else does. */
@NullMarked
package io.amends.sample.lab.switches;

import org.jspecify.annotations.NullMarked;
