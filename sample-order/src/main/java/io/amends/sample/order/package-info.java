/** The order of docs/tutorial.md: stock is reserved, payment is taken, the parcel is shipped. */
@NullMarked
package io.amends.sample.order;

import org.jspecify.annotations.NullMarked;
