-- Requests for wrk, all built before the load starts. Arguments: method, prefix, count, body bytes, User-Agent.
-- Ends with one line for wrk.ts: REPORT <requests> <microseconds> <errors>

local requests = {}
local turn = 0

function init(args)
  local method, prefix, count = args[1], args[2], tonumber(args[3])
  local headers = { ["User-Agent"] = args[5], ["Accept"] = "*/*" }
  local body = nil
  if method == "PUT" then
    body = string.rep("m", tonumber(args[4]))
  end
  for i = 0, count - 1 do
    requests[i + 1] = wrk.format(method, prefix .. i, headers, body)
  end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

function done(summary)
  local e = summary.errors
  local errors = e.connect + e.read + e.write + e.status + e.timeout
  io.write(string.format("REPORT %d %d %d\n", summary.requests, summary.duration, errors))
end
