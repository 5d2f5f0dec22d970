/** The value of a cookie that scripts may read, null if there is none. */
export function cookie(name) {
  for (const part of document.cookie.split('; ')) {
    if (part.startsWith(name + '=')) {
      return decodeURIComponent(part.slice(name.length + 1));
    }
  }
  return null;
}
