// Gives the form the token that shows it comes from this page, and says why somebody is here again.
import { cookie } from './cookies.js';

const said = document.getElementById('said');
const query = new URLSearchParams(location.search);
document.getElementById('csrf').value = cookie('XSRF-TOKEN') ?? '';
if (query.has('error')) {
  said.textContent = 'That name and password do not fit, or the page was open for too long. Try again.';
  said.className = 'note bad';
  said.hidden = false;
} else if (query.has('logout')) {
  said.textContent = 'You are logged out.';
  said.className = 'note';
  said.hidden = false;
}
// The token may have been renewed by another tab since.
document.querySelector('form').addEventListener('submit', () => {
  document.getElementById('csrf').value = cookie('XSRF-TOKEN') ?? '';
});
