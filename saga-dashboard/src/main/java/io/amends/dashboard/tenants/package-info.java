/** Whose sagas somebody sees and acts on, where an application has several tenants. */
@NullMarked
package io.amends.dashboard.tenants;

import org.jspecify.annotations.NullMarked;
