/** The transfer service: REST, the two sagas, the page. */
@NullMarked
package io.amends.sample.transfer;

import org.jspecify.annotations.NullMarked;
